"""Running a script or a command in Redis, on a connection that a thread keeps to itself."""

import hashlib
import logging
import os
import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.cache import caches
from django.core.signals import setting_changed
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import MovedError, NoScriptError, RedisError

from . import conf
from .exceptions import Unavailable

logger = logging.getLogger(__name__)

_LUA = Path(__file__).parent / "lua"
_NEEDS = re.compile(rb"^ *-- needs (.*)\n", re.MULTILINE)  # which of lua/parts stand in its place
_of_this_thread = threading.local()
_PATIENCE_MS = 500  # for replicas, which have a write within one or two where all is well


def run(name: str, keys: Sequence[str], *arguments: Any, plan: bytes = b"") -> Any:
    """What lua/<name>.lua returns, by the rules of `plan` (limits.plan) if it goes by any.

    Raises Unavailable; then it may have run or not.
    """
    source, digest = _script(name, plan)
    call = len(keys), *keys, *arguments
    try:
        return command("EVALSHA", digest, *call)
    except NoScriptError:  # a server that has just started
        return command("EVAL", source, *call)


def command(*words: Any) -> Any:
    """What Redis answers, as bytes. Raises Unavailable; then it may have run or not."""
    alias = conf.get().redis_alias
    try:
        try:
            return _answer(own_connection(alias), *words)
        except MovedError:  # another master has our keys now, and this one surely ran nothing
            return _answer(own_connection(alias), *words)
    except NoScriptError:
        raise
    except RedisError as error:
        raise _unavailable(error) from error


def settle() -> None:
    """Returns once REDIS_REPLICAS replicas, or all that follow, have what this thread wrote last.

    Whichever of them takes over then knows of it. Raises Unavailable.
    """
    wanted = conf.get().redis_replicas
    if not wanted:
        return
    connection = _of_this_thread.__dict__[conf.get().redis_alias]
    try:
        if not connection.is_connected:  # a new one would wait for what itself wrote: nothing
            raise RedisConnectionError("closed")
        have = _answer(connection, "WAIT", wanted, _PATIENCE_MS)
        # Fewer may follow after a failover: min-replicas-to-write is for who would rather refuse.
        if have < wanted and have < len(_answer(connection, "ROLE")[2]):
            raise RedisConnectionError("too few replicas have it")
    except RedisError as error:
        raise _unavailable(error) from error


def _unavailable(error: RedisError) -> Unavailable:
    logger.error("redis: %s", type(error).__name__)
    return Unavailable()


@lru_cache(maxsize=256)
def _script(name: str, plan: bytes) -> tuple[bytes, str]:
    """A script's source, and the digest that Redis knows it by."""
    source = plan + _NEEDS.sub(_parts, (_LUA / f"{name}.lua").read_bytes())
    return source, hashlib.sha1(source, usedforsecurity=False).hexdigest()


def _parts(needs: re.Match[bytes]) -> bytes:
    return b"".join((_LUA / f"parts/{name.decode()}.lua").read_bytes() for name in needs[1].split())


def _answer(connection: Any, *command: Any) -> Any:
    try:
        connection.send_command(*command)
        return connection.read_response()
    except NoScriptError:  # which was read to its end
        raise
    except BaseException:  # the next call may read this answer, or need another master
        connection.disconnect()
        raise


def own_connection(alias: str) -> Any:
    """This thread's connection to Redis, connected.

    One of the client's pool, asked for and given back by every call, costs a tenth of a request.
    """
    mine = _of_this_thread.__dict__
    connection = mine.get(alias)
    if connection is None or connection.pid != os.getpid():  # a fork has to make its own
        # Not caches[alias]: what that makes, Django closes after every request of the thread.
        cache: Any = caches.create_connection(alias)
        pool = cache.client.get_client(write=True).connection_pool
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


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "CACHES":
        _of_this_thread.__dict__.clear()


setting_changed.connect(_forget)
