"""The settings dict `VERIFICATIONS`: every key, its type, its bounds and its default.

    from verifications import conf
    conf.get().code_ttl

Keys are written in capitals in Django's settings (`{"CODE_TTL": 300}`). Durations are whole
seconds. A limit is `[times, seconds]`: at most so many in any stretch of so many seconds.
"""

from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils import timezone
from msgspec import Meta

Times = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Share = Annotated[float, Meta(ge=0, le=10)]
Seconds = Annotated[int, Meta(ge=1, le=30 * 86_400)]
Limits = Annotated[tuple[tuple[Times, Seconds], ...], Meta(max_length=4)]
# Redis keeps the phone's own times of sending one by one, so these limits have to stay small.
PhoneLimits = Annotated[
    tuple[tuple[Annotated[int, Meta(ge=1, le=100)], Seconds], ...], Meta(max_length=4)
]
Purpose = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
# A platform's name; with a weight (`aliyun:3`) it shares its place with its weighted neighbours.
Place = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}(:[1-9][0-9]{0,3})?$")]
Order = tuple[Place, ...]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
# Yuan, in words that are exact: a float would not be.
Price = Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4})?$")]
Secret = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.~=+-]+$")]
KeyHash = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]


class Provider(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True, rename=str.upper):
    """One SMS platform: the dotted path of its class, and the keyword arguments of that class."""

    backend: str
    options: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"Provider(backend={self.backend!r})"  # the options hold its secrets


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=str.upper):
    """A text that the platforms know: its id on each, the names of its places in their order, and
    the parts that a long one is charged as."""

    ids: dict[str, str]
    params: tuple[str, ...] = ("code", "minutes")
    segments: Annotated[int, Meta(ge=1, le=20)] = 1


class TestNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=str.upper):
    """A phone that is never texted: for reviewers of the apps, and for tests."""

    code: Annotated[str, Meta(pattern=r"^[0-9]{4,9}$")]
    until: date | None = None  # its last day, in TIME_ZONE

    def __repr__(self) -> str:
        return f"TestNumber(until={self.until})"


class Conf(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True, rename=str.upper):
    """All settings. docs/operations.md explains each to an operator."""

    # Codes
    code_length: Annotated[int, Meta(ge=4, le=9)] = 6
    code_ttl: Annotated[int, Meta(ge=60, le=3600)] = 300
    # A resend carries the same code and renews its life, but never past this from its first text.
    code_max_life: Annotated[int, Meta(ge=60, le=3600)] = 600
    max_guesses: Annotated[int, Meta(ge=1, le=10)] = 5
    # Wrong guesses at one (phone, purpose) over all its codes, from one address that asked for them
    # and from all others together: a new code does not reset them.
    failure_limit: tuple[Annotated[int, Meta(ge=1, le=100)], Seconds] = (10, 3600)
    purposes: Annotated[tuple[Purpose, ...], Meta(min_length=1)] = (
        "login",
        "register",
        "reset_password",
        "change_phone",
        "pickup",
    )

    # Quotas
    resend_interval: Annotated[int, Meta(ge=1, le=3600)] = 60
    phone_limits: PhoneLimits = ((5, 3600), (10, 86_400))
    # Of a phone that was verified in the last KNOWN_TTL, for addresses that it was not asked from
    # then: so that a stranger cannot use up all texts of a shopper.
    stranger_limits: PhoneLimits = ((3, 3600), (7, 86_400))
    known_ttl: Seconds = 14 * 86_400
    # Generous, since a carrier's NAT or a campus puts thousands of shoppers behind one address;
    # a phone is protected by its own limits whatever the address.
    ip_limits: Limits = ((3000, 3600), (10_000, 86_400))
    prefix_limits: Limits = ((3000, 3600), (10_000, 86_400))
    global_limits: Limits = ((10_000, 3600), (100_000, 86_400))

    # Guard: what is asked for and never verified (docs/guard.md)
    guard: Literal["off", "record", "enforce"] = "record"
    guard_window: Annotated[int, Meta(ge=60, le=86_400)] = 3600
    # Texts without an answer that are nothing to worry about: [at least so many, or this share of
    # the verified ones]. Above that a captcha is asked for, at twice that nothing is sent.
    guard_bounds: dict[Literal["ip", "prefix", "country"], tuple[Times, Share]] = msgspec.field(
        default_factory=lambda: {"ip": (30, 1.0), "prefix": (10, 1.0), "country": (500, 1.0)}
    )
    # Texts in GUARD_WINDOW above which an adaptive captcha is asked for.
    captcha_above: dict[Literal["ip", "prefix", "global"], Times] = msgspec.field(
        default_factory=lambda: {"ip": 300, "prefix": 300, "global": 5000}
    )
    # How many proxies of ours stand in front and append to X-Forwarded-For.
    trusted_proxies: Annotated[int, Meta(ge=0, le=10)] = 0

    # Captcha (docs/captcha.md): for nobody, for who looks like a robot, or for everyone; the dotted
    # path of its class, and the keyword arguments of that class.
    captcha: Literal["never", "adaptive", "always"] = "adaptive"
    captcha_backend: str = "verifications.captcha.Altcha"
    captcha_options: dict[str, Any] = {}

    # Phones: ISO 3166 codes of the countries that may be texted.
    allowed_countries: Annotated[tuple[Country, ...], Meta(min_length=1)] = ("CN",)

    # E.164 numbers whose code is always the same, that no platform is asked to text.
    test_numbers: dict[Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$")], TestNumber] = {}

    # Delivery
    providers: dict[str, Provider] = {}
    # Names from `providers`, the preferred one first; what shares a place shares it by weight.
    provider_order: Order = ()
    # Other orders: for a template ("shipped"), a country ("US"), or both ("shipped:US").
    routes: dict[str, Order] = {}
    # What may be texted: a purpose's name, or "default" for all purposes without one of their own;
    # "pickup_code"; and every name that notify() takes.
    templates: dict[str, Template] = {}
    # What a platform charges for a text (one part of a long one); "0.05" where it is not named.
    prices: dict[str, Price] = {}
    # A platform is passed over for `seconds` after so many failures in a row.
    breaker: tuple[Annotated[int, Meta(ge=1, le=1000)], Annotated[int, Meta(ge=1, le=3600)]] = (
        5,
        15,
    )
    # Requests to platforms under way at once in a worker process.
    concurrency: Annotated[int, Meta(ge=1, le=256)] = 32
    # How long a worker that fell silent keeps the messages it had taken.
    claim_ttl: Annotated[int, Meta(ge=5, le=3600)] = 120
    # How long a message may wait in the queue before it is put there once more.
    requeue_after: Annotated[int, Meta(ge=1, le=3600)] = 300

    # Of the quiet hours, and of dates in texts.
    time_zone: str = "Asia/Shanghai"

    # Notices
    notice_ttl: Seconds = 86_400
    quiet_hours: tuple[TimeOfDay, TimeOfDay] | None = ("22:00", "08:00")
    idempotency_ttl: Seconds = 86_400

    # Pickup codes
    pickup_ttl: Seconds = 7 * 86_400
    # Of an order; its stretch begins with the first wrong guess.
    pickup_failure_limit: tuple[Annotated[int, Meta(ge=1, le=100)], Seconds] = (5, 3600)

    # Who may call us: platforms with receipts, the mall's other services
    # Several while platforms are moved to a new one, which is the first; none takes no receipts.
    receipt_secret: tuple[Secret, ...] = ()
    # Hashes of the keys, as `manage.py make_service_key` prints them.
    service_keys: tuple[KeyHash, ...] = ()
    # Tries to log in to the admin, of an address; counted before the password is looked at.
    admin_login_limit: tuple[Annotated[int, Meta(ge=1, le=100)], Seconds] = (10, 900)

    # Accounts
    create_on_login: bool = True
    # Dotted path of a callable that makes a user for a new phone: (phone: str, **fields) -> user.
    create_user: str = "verifications.accounts.create_user"
    token_ttl: Seconds = 7 * 86_400
    proof_ttl: Annotated[int, Meta(ge=60, le=3600)] = 600

    # Redis: the alias in CACHES (django-redis), and the first part of every key.
    redis_alias: str = "default"
    # How many replicas must have a consumed code, or a spent proof, before it passes.
    redis_replicas: Annotated[int, Meta(ge=0, le=9)] = 0
    key_prefix: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,32}$")] = "sms"

    def test_code(self, phone: str) -> str | None:
        """The code of a test number (E.164), to the end of its last day."""
        entry = self.test_numbers.get(phone)
        if entry is None or (entry.until and entry.until < self._today()):
            return None
        return entry.code

    def _today(self) -> date:
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))

    def __repr__(self) -> str:
        return "Conf(...)"  # it holds secrets


# msgspec 0.22 learns a class when it first meets it, and two threads that both are the first crash
# the process (a null pointer): so it learns those of requests while their module is imported.
msgspec.json.Decoder(Conf)


@lru_cache(maxsize=1)
def get() -> Conf:
    """The project's settings; read once, and again when a test overrides them."""
    try:
        return msgspec.convert(getattr(settings, "VERIFICATIONS", {}), Conf)
    except msgspec.ValidationError as error:
        raise ImproperlyConfigured(f"settings.VERIFICATIONS: {error}") from None


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "VERIFICATIONS":
        get.cache_clear()


setting_changed.connect(_forget)
