"""The captcha: a small work for a shopper's browser, a price for whoever asks by the thousand.

    captcha.get().challenge()            # what GET /v1/verifications/captcha answers
    captcha.get().check(answer, ip)      # -> Solved, or raises CaptchaInvalid or Unavailable

Altcha is proof of work, with nobody else involved. CAPTCHA_BACKEND names another class.
docs/captcha.md explains both.
"""

import base64
import hmac
import secrets
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any, NamedTuple

import altcha
import msgspec
from django.conf import settings
from django.core.signals import setting_changed
from django.utils import timezone
from django.utils.module_loading import import_string

from . import conf
from .exceptions import CaptchaInvalid

_ALGORITHM = "PBKDF2/SHA-256"
_LONGEST_ANSWER = 2048  # characters; ALTCHA's are some 700
# Past its end, an answer is remembered for as long as the clocks of our servers may differ.
_CLOCK_SKEW = 60


class Solved(NamedTuple):
    """A right answer. Whoever takes it spends `id` once, in Redis."""

    id: bytes  # at most 16
    expires_in: int  # seconds for which `id` has to be remembered, at least 1


class Captcha(ABC):
    """What another captcha implements; built once a process, with CAPTCHA_OPTIONS."""

    @abstractmethod
    def challenge(self) -> dict[str, Any]:
        """What the page needs to put the question, as JSON. Raises exceptions.Unavailable."""

    @abstractmethod
    def check(self, answer: str, ip: str | None) -> Solved:
        """Raises exceptions.CaptchaInvalid; exceptions.Unavailable where nobody can tell."""


@lru_cache(maxsize=1)
def get() -> Captcha:
    """The configured one.

    Raises AttributeError, ImportError, TypeError or ValueError for settings that are wrong, which
    the system check tells.
    """
    chosen = conf.get()
    built = import_string(chosen.captcha_backend)(**chosen.captcha_options)
    if not isinstance(built, Captcha):
        raise TypeError(f"{chosen.captcha_backend} is no verifications.captcha.Captcha")
    return built


class _Secrets(NamedTuple):
    """Of one secret key."""

    challenge: bytes  # signs a challenge
    answer: bytes  # signs the key that is to be found


@lru_cache(maxsize=1)
def _secrets() -> list[_Secrets]:
    """The first one signs, each of them checks."""
    return [_derived(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _derived(key: str | bytes) -> _Secrets:
    raw = key.encode() if isinstance(key, str) else key
    return _Secrets(
        hmac.digest(raw, b"verifications.captcha", "sha256"),
        hmac.digest(raw, b"verifications.captcha.answer", "sha256"),
    )


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "VERIFICATIONS":
        get.cache_clear()
    if setting in {"SECRET_KEY", "SECRET_KEY_FALLBACKS"}:
        _secrets.cache_clear()


setting_changed.connect(_forget)


class _Strict(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    pass


class _Parameters(_Strict):
    """All that we sign, and no more. Whoever solves the challenge may read it, not change it."""

    algorithm: str
    nonce: str
    salt: str
    cost: int
    key_length: int
    key_prefix: str
    key_signature: str
    expires_at: int


class _Challenge(_Strict):
    parameters: _Parameters
    signature: str


class _Solution(_Strict):
    counter: int
    derived_key: str
    time: float | None = None  # milliseconds; what the browser says


class _Answer(_Strict):
    challenge: _Challenge
    solution: _Solution


msgspec.json.Decoder(_Answer)  # conf.py says why


class Altcha(Captcha):
    """ALTCHA's proof of work, version 2, with PBKDF2.

    A browser derives keys for one counter after another, each in `cost` iterations, until it meets
    the key that we have derived for a counter of at most `max_counter`. We derive one key for a
    challenge and none for an answer, whose key our signature knows.
    """

    def __init__(self, *, cost: int = 2000, max_counter: int = 1200, ttl: int = 600) -> None:
        self._cost = _within("cost", cost, 100, 20_000)
        self._max_counter = _within("max_counter", max_counter, 1, 100_000)
        self._ttl = _within("ttl", ttl, 30, 3600)

    def challenge(self) -> dict[str, Any]:
        signing = _secrets()[0]
        made = altcha.create_challenge(
            _ALGORITHM,
            self._cost,
            counter=1 + secrets.randbelow(self._max_counter),
            expires_at=_now() + self._ttl,
            hmac_secret=signing.challenge,
            hmac_key_secret=signing.answer,
        )
        document: dict[str, Any] = made.to_dict()
        return document

    def check(self, answer: str, ip: str | None = None) -> Solved:
        """`ip` does not matter: a phone on the move changes it."""
        read = _read(answer)
        parameters = read.challenge.parameters
        # Ours by its signature, but of other settings: a signature does not make it worth enough.
        if parameters.algorithm != _ALGORITHM or parameters.cost != self._cost:
            raise CaptchaInvalid
        seconds_left = parameters.expires_at - _now()
        if seconds_left <= 0 or not _is_right(read):
            raise CaptchaInvalid
        return Solved(bytes.fromhex(parameters.nonce), seconds_left + _CLOCK_SKEW)


def _now() -> int:
    return int(timezone.now().timestamp())


def _within(name: str, value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name} has to be a whole number from {least} to {most}")
    return value


def _read(answer: str) -> _Answer:
    """Base64 of JSON of just these names and types. Raises CaptchaInvalid.

    Stricter than the library: what it would pass over is refused here.
    """
    if len(answer) > _LONGEST_ANSWER:
        raise CaptchaInvalid
    try:
        return msgspec.json.decode(base64.b64decode(answer, validate=True), type=_Answer)
    except ValueError:  # bad base64, UTF-8 or JSON, or a wrong type
        raise CaptchaInvalid from None


def _is_right(answer: _Answer) -> bool:
    """By any secret key in service."""
    payload = altcha.Payload.from_dict(msgspec.to_builtins(answer))
    return any(
        altcha.verify_solution(payload, secret.challenge, hmac_key_secret=secret.answer).verified
        for secret in _secrets()
    )
