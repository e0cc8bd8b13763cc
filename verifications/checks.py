"""System checks of the settings: each key of VERIFICATIONS has an id of its own.

E001       VERIFICATIONS is not a dict, or has a key that nobody knows
E002       a platform is wrong: none is named, or its class does not load or will not start
E003       a template is missing for a platform in PROVIDER_ORDER, or no such platform has a notice
E004       CREATE_USER does not load
E005       REDIS_ALIAS names no cache of django-redis
E006       CAPTCHA_BACKEND does not load or does not start with CAPTCHA_OPTIONS
E101-E199  a key has a wrong value; _IDS names them
"""

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

import msgspec
import phonenumbers
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from . import captcha, conf, providers, routing

# Ids are for ever: a new key takes the next number, a dropped key's is not given again.
_IDS = {
    "CODE_LENGTH": "E101",
    "CODE_TTL": "E102",
    "CODE_MAX_LIFE": "E103",
    "MAX_GUESSES": "E104",
    "FAILURE_LIMIT": "E105",
    "PURPOSES": "E106",
    "RESEND_INTERVAL": "E107",
    "PHONE_LIMITS": "E108",
    "IP_LIMITS": "E109",
    "GLOBAL_LIMITS": "E110",
    "TRUSTED_PROXIES": "E111",
    "ALLOWED_COUNTRIES": "E112",
    "PROVIDERS": "E113",
    "PROVIDER_ORDER": "E114",
    "TEMPLATES": "E115",
    "CREATE_ON_LOGIN": "E116",
    "CREATE_USER": "E117",
    "TOKEN_TTL": "E118",  # nosec  # an id
    "PROOF_TTL": "E119",
    "REDIS_ALIAS": "E120",
    "KEY_PREFIX": "E121",
    "ROUTES": "E122",
    "BREAKER": "E123",
    "CONCURRENCY": "E124",
    "CLAIM_TTL": "E125",
    "REQUEUE_AFTER": "E126",
    "TIME_ZONE": "E127",
    "NOTICE_TTL": "E128",
    "QUIET_HOURS": "E129",
    "IDEMPOTENCY_TTL": "E130",
    "PICKUP_TTL": "E131",
    "PICKUP_FAILURE_LIMIT": "E132",
    "RECEIPT_SECRET": "E133",  # nosec  # an id
    "SERVICE_KEYS": "E134",
    "CAPTCHA": "E135",
    "CAPTCHA_BACKEND": "E136",
    "CAPTCHA_OPTIONS": "E137",
    "PRICES": "E138",
    "GUARD": "E139",
    "GUARD_WINDOW": "E140",
    "GUARD_BOUNDS": "E141",
    "CAPTCHA_ABOVE": "E142",
    "PREFIX_LIMITS": "E143",
    "TEST_NUMBERS": "E144",
    "STRANGER_LIMITS": "E146",
    "KNOWN_TTL": "E147",
    "ADMIN_LOGIN_LIMIT": "E145",
    "REDIS_REPLICAS": "E148",
}


def _error(number: str, message: str, hint: str | None = None) -> Error:
    return Error(message, hint=hint, id=f"verifications.{number}")


@register()
def check_settings(**_: Any) -> list[CheckMessage]:
    raw = getattr(settings, "VERIFICATIONS", {})
    if not isinstance(raw, dict):
        return [_error("E001", "VERIFICATIONS has to be a dict.")]
    errors = list(_wrong_keys(raw))
    return errors or [*_wrong_platforms(conf.get()), *_wrong_hooks(conf.get())]


def _wrong_keys(raw: dict[str, Any]) -> Iterator[CheckMessage]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(conf.Conf)}
    for key, value in raw.items():
        if key not in fields:
            yield _error(
                "E001", f"VERIFICATIONS has an unknown key {key!r}.", "See verifications/conf.py."
            )
            continue
        try:
            msgspec.convert(value, fields[key].type)
        except msgspec.ValidationError as error:
            yield _error(_IDS[key], f"VERIFICATIONS[{key!r}]: {error}.")


def _wrong_platforms(chosen: conf.Conf) -> Iterator[CheckMessage]:
    if not chosen.provider_order:
        yield _error("E002", "PROVIDER_ORDER names no platform.", "Set SMS_PROVIDERS.")
    for name in routing.platforms(chosen):
        if name not in chosen.providers:
            known = ", ".join(chosen.providers)
            yield _error(
                "E002",
                f"PROVIDER_ORDER or ROUTES names {name!r}, which PROVIDERS has not.",
                f"It has: {known}.",
            )
            return
        try:
            providers.build(name)
        except (AttributeError, ImportError, TypeError, ValueError) as error:
            yield _error("E002", f"The platform {name!r} does not start: {error}")
    yield from _wrong_texts(chosen)


def _wrong_texts(chosen: conf.Conf) -> Iterator[CheckMessage]:
    for name in chosen.prices.keys() - chosen.providers.keys():
        yield _error(_IDS["PRICES"], f"PRICES names {name!r}, which PROVIDERS has not.")
    used = routing.platforms(chosen)
    for name in used:
        lacking = ", ".join(repr(one) for one in chosen.purposes if not _has(chosen, name, one))
        if lacking:
            hint = f"In the environment that of all purposes is {name.upper()}_TEMPLATE_ID."
            yield _error("E003", f"TEMPLATES has no template of {name!r} for {lacking}.", hint)
    for text in sorted(chosen.templates.keys() - {"default", *chosen.purposes}):
        if used and not chosen.templates[text].ids.keys() & {*used}:
            asked = ", ".join(used)
            yield _error("E003", f"TEMPLATES[{text!r}] has no id of a platform in use ({asked}).")


def _has(chosen: conf.Conf, name: str, purpose: str) -> bool:
    known_as = chosen.templates.get(purpose, chosen.templates.get("default"))
    return known_as is not None and name in known_as.ids


def _wrong_hooks(chosen: conf.Conf) -> Iterator[CheckMessage]:
    cache = settings.CACHES.get(chosen.redis_alias, {})
    if not str(cache.get("BACKEND", "")).startswith("django_redis."):
        yield _error("E005", f"CACHES[{chosen.redis_alias!r}] is not django-redis.")
    for country in set(chosen.allowed_countries) - phonenumbers.SUPPORTED_REGIONS:
        yield _error(_IDS["ALLOWED_COUNTRIES"], f"ALLOWED_COUNTRIES: there is no {country!r}.")
    if chosen.time_zone not in available_timezones():
        yield _error(_IDS["TIME_ZONE"], f"TIME_ZONE: there is no {chosen.time_zone!r}.")
    try:
        captcha.get()
    except (AttributeError, ImportError, TypeError, ValueError) as error:
        yield _error("E006", f"CAPTCHA_BACKEND does not start: {error}")
    try:
        create_user = import_string(chosen.create_user)
    except ImportError as error:
        yield _error("E004", f"CREATE_USER does not load: {error}")
    else:
        if not callable(create_user):
            yield _error("E004", f"CREATE_USER, {chosen.create_user}, cannot be called.")
