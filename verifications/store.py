"""Redis: pending codes and quotas. One script an operation, one round trip a call.

All of a phone's state is one key. Its name holds a pseudonym of the phone, never the phone, and a
hash tag that all of its names share (one a secret key in service), so that one script may touch
them together. lua/common.lua describes what is in it; limits.Plan is what the scripts go by.

Every function raises Unavailable when Redis does not answer: nothing was let through.
"""

import zlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

from django_redis import get_redis_connection
from redis.exceptions import RedisError

from . import conf, scripts
from .exceptions import (
    CodeExpired,
    CodeIncorrect,
    Cooldown,
    RateLimited,
    TooManyAttempts,
    Unavailable,
    VerificationError,
)

# How many milliseconds we run ahead of Redis' clock: 0, but for tests that travel in time.
ahead_ms = 0


class Challenge(NamedTuple):
    """A code as Redis keeps it: the mark of the key that made it, what from, its digest."""

    mark: bytes  # 2 bytes
    seed: bytes  # 10 bytes
    digest: bytes  # 16 bytes


class Reservation(NamedTuple):
    """A send that was let through, and what it takes to give it back."""

    keys: list[str]
    name_count: int
    plan: bytes
    slot: str
    at_ms: int
    expires_ms: int
    resend_ms: int  # from at_ms
    before: bytes
    after: bytes

    @property
    def challenge(self) -> Challenge:
        """The challenge in force: that of a live code sent again, else the one offered."""
        record = self.after[-28:]
        return Challenge(record[:2], record[2:12], record[12:])

    @property
    def expires_in(self) -> int:
        """Whole seconds that the code has to live."""
        return (self.expires_ms - self.at_ms) // 1000

    @property
    def resend_after(self) -> int:
        """Whole seconds until the phone's own limits let the next send through."""
        return _seconds(self.resend_ms)


class Life(NamedTuple):
    """What is known of a code: seconds left, seconds until a resend, and its text's fate."""

    expires_in: int
    resend_after: int
    unknown: bool


def phone_keys(phone: str, pseudonyms: Sequence[bytes]) -> list[str]:
    """The names that a phone's state may stand under, the current one first."""
    tag = tag_of(phone)
    return [phone_key(tag, pseudonym) for pseudonym in pseudonyms]


def tag_of(phone: str) -> int:
    """Which of 4,096 hash tags; of all mobile numbers, some millions share each."""
    return zlib.crc32(phone.encode()) & 0xFFF


def phone_key(tag: int, pseudonym: bytes) -> str:
    return f"{conf.get().key_prefix}:1:{{{tag:03x}}}{urlsafe_b64encode(pseudonym).decode()}"


def quota_key(kind: str, pseudonym: bytes) -> str:
    return f"{conf.get().key_prefix}:1:{kind}:{urlsafe_b64encode(pseudonym).decode()}"


def issue(
    names: Sequence[str],
    quota_keys: Sequence[str],
    *,
    plan: bytes,
    slot: str,
    marks: bytes,
    offer: Challenge,
) -> Reservation:
    """Reserve a send and write its pending code, all or nothing.

    A live code stays in force, its life renewed, and `offer` is dropped; `marks` are those of the
    keys in service, since a code whose key is gone cannot be sent again.

    Raises Cooldown, RateLimited or TooManyAttempts; then nothing has changed.
    """
    keys = [*names, *quota_keys]
    refused, *rest = scripts.run(
        "issue", keys, ahead_ms, plan, len(names), slot, marks, offer.seed, offer.digest
    )
    if refused:
        raise _refusal(refused.decode(), _seconds(rest[0]))
    return Reservation(keys, len(names), plan, slot, *rest)


def _refusal(kind: str, retry_after: int) -> VerificationError:
    if kind == "cooldown":
        return Cooldown(retry_after=retry_after)
    if kind == "failures":
        return TooManyAttempts(retry_after=retry_after)
    return RateLimited(kind, retry_after)


def cancel(taken: Reservation) -> None:
    """No platform took the text: give back the cooldown, the quotas and the code that was there."""
    scripts.run(
        "cancel",
        taken.keys,
        ahead_ms,
        taken.plan,
        taken.name_count,
        taken.slot,
        taken.at_ms,
        taken.before,
        taken.after,
    )


def note_unknown(taken: Reservation) -> None:
    """The platform may or may not have taken the text: look_up() will say so."""
    scripts.run("note_unknown", taken.keys[: taken.name_count], ahead_ms, taken.slot, taken.after)


def check(names: Sequence[str], *, plan: bytes, slot: str, digests: Sequence[bytes]) -> None:
    """Count a guess, compare it, and consume the code if it is right; `digests` one a secret key.

    Raises CodeIncorrect, CodeExpired or TooManyAttempts.
    """
    outcome, *rest = scripts.run("check", names, ahead_ms, plan, slot, *digests)
    if outcome == b"incorrect":
        raise CodeIncorrect(rest[0])
    if outcome == b"expired":
        raise CodeExpired
    if outcome == b"exhausted":
        raise TooManyAttempts(retry_after=_seconds(rest[0]))


def look_up(name: str, *, plan: bytes, seed: bytes) -> Life:
    """The life of the code made from `seed`; `expires_in` is 0 once it is used, burnt or gone."""
    life_ms, resend_ms, unknown = scripts.run("look_up", [name], ahead_ms, plan, seed)
    return Life(-(-life_ms // 1000), -(-resend_ms // 1000), bool(unknown))


def spend_once(pseudonym: bytes, ttl: int) -> bool:
    """True the first time a thing is spent within `ttl` seconds, False ever after."""
    key = quota_key("spent", pseudonym)
    try:
        return bool(_connection().set(key, b"", nx=True, ex=ttl))
    except RedisError as error:
        raise Unavailable from error


def ping() -> None:
    """Raises Unavailable unless Redis answers."""
    try:
        _connection().ping()
    except RedisError as error:
        raise Unavailable from error


def _connection() -> Any:
    return get_redis_connection(conf.get().redis_alias)


def _seconds(milliseconds: int) -> int:
    """Rounded up, and one at least: a client that waits so long gets through."""
    return max(1, -(-milliseconds // 1000))
