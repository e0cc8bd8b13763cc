"""What `manage.py check --deploy` refuses: a local default that is unsafe in production."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from verifications import conf


@register(Tags.security, deploy=True)
def check_local_defaults(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{variable}: {problem}", hint=hint, id=f"dadashop.{number}")
        for number, variable, problem, hint in _unsafe()
    ]


def _unsafe() -> Iterator[tuple[str, str, str, str]]:
    yield from _unsafe_django()
    yield from _unsafe_delivery()


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
    platforms = _platforms()
    if "cloopen" in platforms and not settings.CLOOPEN_ACCOUNT_SID:
        problem = "texts go to the sandbox."
        yield "E006", "CLOOPEN_ACCOUNT_SID", problem, "Set your account's CLOOPEN_*."
    if "locmem" in platforms:
        yield "E007", "SMS_PROVIDERS", "locmem sends nothing.", "Name a real platform."
    if "cloopen" in platforms and not settings.CLOOPEN_BASE_URL.startswith("https://"):
        yield "E008", "CLOOPEN_BASE_URL", "texts go out in the open.", "Use https://."


def _platforms() -> tuple[str, ...]:
    try:
        return conf.get().provider_order
    except ImproperlyConfigured:  # which verifications/checks.py says key by key
        return ()
