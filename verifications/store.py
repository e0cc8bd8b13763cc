"""Redis: pending codes and quotas. One script an operation, one round trip a call.

All of a phone's state is one key. Its name holds a pseudonym of the phone, never the phone, and a
hash tag that all of its names share (one a secret key in service), so that one script may touch
them together. lua/common.lua describes what is in it; limits.Plan is what the scripts go by.

Every function raises Unavailable when Redis does not answer: nothing was let through.
"""

import hashlib
import logging
import os
import threading
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django_redis import get_redis_connection
from redis.exceptions import NoScriptError, RedisError

from . import conf
from .exceptions import (
    CodeExpired,
    CodeIncorrect,
    Cooldown,
    RateLimited,
    TooManyAttempts,
    Unavailable,
    VerificationError,
)

logger = logging.getLogger(__name__)

# How many milliseconds we run ahead of Redis' clock: 0, but for tests that travel in time.
ahead_ms = 0

_LUA = Path(__file__).parent / "lua"


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
    refused, *rest = _run("issue", keys, plan, len(names), slot, marks, offer.seed, offer.digest)
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
    _run(
        "cancel",
        taken.keys,
        taken.plan,
        taken.name_count,
        taken.slot,
        taken.at_ms,
        taken.before,
        taken.after,
    )


def note_unknown(taken: Reservation) -> None:
    """The platform may or may not have taken the text: look_up() will say so."""
    _run("note_unknown", taken.keys[: taken.name_count], taken.slot, taken.after)


def check(names: Sequence[str], *, plan: bytes, slot: str, digests: Sequence[bytes]) -> None:
    """Count a guess, compare it, and consume the code if it is right; `digests` one a secret key.

    Raises CodeIncorrect, CodeExpired or TooManyAttempts.
    """
    outcome, *rest = _run("check", names, plan, slot, *digests)
    if outcome == b"incorrect":
        raise CodeIncorrect(rest[0])
    if outcome == b"expired":
        raise CodeExpired
    if outcome == b"exhausted":
        raise TooManyAttempts(retry_after=_seconds(rest[0]))


def look_up(name: str, *, plan: bytes, seed: bytes) -> Life:
    """The life of the code made from `seed`; `expires_in` is 0 once it is used, burnt or gone."""
    life_ms, resend_ms, unknown = _run("look_up", [name], plan, seed)
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


def _run(name: str, keys: Sequence[str], *arguments: Any) -> Any:
    source, digest = _script(name)
    call = len(keys), *keys, ahead_ms, *arguments
    try:
        connection = _own_connection(conf.get().redis_alias)
        try:
            connection.send_command("EVALSHA", digest, *call)
            return connection.read_response()
        except NoScriptError:  # a server that has just started
            connection.send_command("EVAL", source, *call)
            return connection.read_response()
        except BaseException:  # or else the next call would read the answer to this one
            connection.disconnect()
            raise
    except RedisError as error:
        logger.error("redis: %s", type(error).__name__)
        raise Unavailable from error


@cache
def _script(name: str) -> tuple[str, str]:
    """A script's source, and the digest that Redis knows it by."""
    source = (_LUA / "common.lua").read_text() + (_LUA / f"{name}.lua").read_text()
    return source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


_of_this_thread = threading.local()


def _own_connection(alias: str) -> Any:
    """This thread's connection to Redis, connected.

    One of the client's pool, asked for and given back by every call, costs a tenth of a request.
    """
    mine = _of_this_thread.__dict__
    connection = mine.get(alias)
    if connection is None or connection.pid != os.getpid():  # a fork has to make its own
        pool = get_redis_connection(alias).connection_pool
        connection = mine[alias] = pool.connection_class(**pool.connection_kwargs)
    try:
        stale = connection.is_connected and connection.can_read()  # nobody waits for what it holds
    except RedisError:
        stale = True  # Redis has closed it since
    if stale:
        connection.disconnect()
    if not connection.is_connected:
        connection.connect()  # here, since one that a sentinel manages asks it on this way alone
    return connection


def _connection() -> Any:
    return get_redis_connection(conf.get().redis_alias)


def _seconds(milliseconds: int) -> int:
    """Rounded up, and one at least: a client that waits so long gets through."""
    return max(1, -(-milliseconds // 1000))
