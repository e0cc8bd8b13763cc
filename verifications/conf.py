"""The settings dict `VERIFICATIONS`: every key, its type, its bounds and its default.

    from verifications import conf
    conf.get().code_ttl

Keys are written in capitals in Django's settings (`{"CODE_TTL": 300}`). Durations are whole
seconds. A limit is `[times, seconds]`: at most so many in any stretch of so many seconds.
"""

from functools import lru_cache
from typing import Annotated, Any

import msgspec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from msgspec import Meta

Times = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Seconds = Annotated[int, Meta(ge=1, le=30 * 86_400)]
Limits = Annotated[tuple[tuple[Times, Seconds], ...], Meta(max_length=4)]
# Redis keeps the phone's own times of sending one by one, so these limits have to stay small.
PhoneLimits = Annotated[
    tuple[tuple[Annotated[int, Meta(ge=1, le=100)], Seconds], ...], Meta(max_length=4)
]
Purpose = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=str.upper):
    """One SMS platform: the dotted path of its class, and the keyword arguments of that class."""

    backend: str
    options: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"Provider(backend={self.backend!r})"  # the options hold its secrets


class Conf(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True, rename=str.upper):
    """All settings. docs/operations.md explains each to an operator."""

    # Codes
    code_length: Annotated[int, Meta(ge=4, le=9)] = 6
    code_ttl: Annotated[int, Meta(ge=60, le=3600)] = 300
    # A resend carries the same code and renews its life, but never past this from its first text.
    code_max_life: Annotated[int, Meta(ge=60, le=3600)] = 600
    max_guesses: Annotated[int, Meta(ge=1, le=10)] = 5
    # Wrong guesses of one (phone, purpose), over all its codes: a new code does not reset them.
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
    # Generous, since a carrier's NAT or a campus puts thousands of shoppers behind one address;
    # a phone is protected by its own limits whatever the address.
    ip_limits: Limits = ((300, 3600), (1000, 86_400))
    global_limits: Limits = ((10_000, 3600), (100_000, 86_400))
    # How many proxies of ours stand in front and append to X-Forwarded-For.
    trusted_proxies: Annotated[int, Meta(ge=0, le=10)] = 0

    # Phones: ISO 3166 codes of the countries that may be texted.
    allowed_countries: Annotated[tuple[Country, ...], Meta(min_length=1)] = ("CN",)

    # Delivery
    providers: dict[str, Provider] = {}
    # Names from `providers`, the preferred one first.
    provider_order: tuple[str, ...] = ()
    # {purpose or "default": {provider: template id on that platform}}
    templates: dict[str, dict[str, str]] = {}

    # Accounts
    create_on_login: bool = True
    # Dotted path of a callable that makes a user for a new phone: (phone: str, **fields) -> user.
    create_user: str = "verifications.accounts.create_user"
    token_ttl: Seconds = 7 * 86_400
    proof_ttl: Annotated[int, Meta(ge=60, le=3600)] = 600

    # Redis: the alias in CACHES (django-redis), and the first part of every key.
    redis_alias: str = "default"
    key_prefix: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,32}$")] = "sms"


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
