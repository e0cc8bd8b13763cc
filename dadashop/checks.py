"""What `manage.py check --deploy` refuses: a local default that is unsafe in production."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from dadashop.environment import Env
from dadashop.local_secrets import SHORTEST
from dadashop.platforms import PLATFORMS, TEST_TEMPLATE, TEXTS, template_variable
from verifications import conf, routing

_KINDS = {"E": checks.Error, "W": checks.Warning, "I": checks.Info}
_A_YEAR = timedelta(days=366)


@register(Tags.security, deploy=True)
def check_local_defaults(**_: Any) -> list[CheckMessage]:
    return [
        _KINDS[number[0]](f"{variable}: {problem}", hint=hint, id=f"dadashop.{number}")
        for number, variable, problem, hint in _unsafe()
    ]


def _unsafe() -> Iterator[tuple[str, str, str, str]]:
    yield from _unsafe_django()
    yield from _unsafe_delivery()
    yield from _unsafe_secrets()
    yield from _unsafe_numbers()


def _unsafe_django() -> Iterator[tuple[str, str, str, str]]:
    if settings.DEBUG:
        yield "E001", "DADASHOP_DEBUG", "debugging is on.", "Set it to 0."
    if settings.SECRET_KEY.startswith("django-insecure") or len(settings.SECRET_KEY) < 50:
        yield "E002", "DADASHOP_SECRET_KEY", "it can be guessed.", "Set 50 random characters."
    if not settings.REDIS_URL:
        problem = "the embedded Valkey is for development."
        yield "E003", "REDIS_URL", problem, "Name a Redis or Valkey."
    if set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}:
        yield "E004", "DADASHOP_ALLOWED_HOSTS", "only this machine is let in.", "Name your hosts."
    if "sqlite3" in settings.DATABASES["default"]["ENGINE"]:
        yield "E005", "DATABASE_URL", "SQLite is for development.", "Name a PostgreSQL or MySQL."


def _unsafe_delivery() -> Iterator[tuple[str, str, str, str]]:
    for name in _platforms():
        if name == "locmem":
            yield "E007", "SMS_PROVIDERS", "locmem sends nothing.", "Name a real platform."
        platform = PLATFORMS.get(name)
        options = conf.get().providers[name].options
        if platform is None:
            continue
        variable, (keyword, invented) = next(iter(platform.options.items()))
        if options.get(keyword) == invented:
            hint = f"Set your account's {name.upper()}_*."
            yield "E006", f"{name.upper()}_{variable}", "texts go to the sandbox.", hint
            continue
        if not str(options.get("base_url")).startswith("https://"):
            variable = f"{name.upper()}_BASE_URL"
            yield "E008", variable, "texts go out in the open.", "Use https://."
        yield from _unset_templates(name)


def _unset_templates(name: str) -> Iterator[tuple[str, str, str, str]]:
    """Of a platform with an account of one's own; verifications.E003 tells of the other codes."""
    ids = {text: known_as.ids.get(name) for text, known_as in conf.get().templates.items()}
    variable = template_variable(name, "default")
    codes = {ids.get(purpose, ids.get("default")) for purpose in conf.get().purposes}
    if name == "cloopen" and TEST_TEMPLATE in codes and not Env()(variable, default=""):
        problem = "it is unset, and codes go out in the platform's test template."
        yield "I002", variable, problem, f"Set your own, or {TEST_TEMPLATE} where that is meant."
    notices = [text for text in TEXTS if text != "default" and not ids.get(text)]
    if notices:
        variables = ", ".join(template_variable(name, text) for text in notices)
        problem = f"unset, so {name} cannot send {' or '.join(notices)}."
        yield "I001", variables, problem, "Set those of the texts that you send."


def _unsafe_secrets() -> Iterator[tuple[str, str, str, str]]:
    hint = f"Set {SHORTEST} random characters or more."
    if any(len(secret) < SHORTEST for secret in settings.VERIFICATIONS.get("RECEIPT_SECRET", ())):
        yield "E009", "RECEIPT_SECRET", "it can be guessed.", hint
    if settings.SERVICE_KEYS.guessable:
        yield "E009", "SERVICE_KEYS", "it can be guessed.", "See `manage.py make_service_key`."


def _unsafe_numbers() -> Iterator[tuple[str, str, str, str]]:
    entries = _loaded().test_numbers.values()
    endless = [entry for entry in entries if not entry.until]
    if endless:
        problem = f"{len(endless)} of them have no last day."
        yield "E010", "DADASHOP_TEST_NUMBERS", problem, "Write +86...=123456@2027-01-31."
    in_a_year = timezone.localdate() + _A_YEAR
    distant = [entry for entry in entries if entry.until and entry.until > in_a_year]
    if distant:
        problem = f"{len(distant)} of them last more than a year."
        yield "W001", "DADASHOP_TEST_NUMBERS", problem, "Choose a nearer day; it can be moved."


def _platforms() -> list[str]:
    return routing.platforms(_loaded())


def _loaded() -> conf.Conf:
    """The settings; empty ones where they are wrong, which verifications/checks.py says by key."""
    try:
        return conf.get()
    except ImproperlyConfigured:
        return conf.Conf()
