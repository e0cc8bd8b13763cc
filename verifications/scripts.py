"""Running a Lua script in Redis: one EVALSHA, on a connection that a thread keeps to itself."""

import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.core.signals import setting_changed
from django_redis import get_redis_connection
from redis.exceptions import NoScriptError, RedisError, ResponseError

from . import conf
from .exceptions import Unavailable

logger = logging.getLogger(__name__)

_LUA = Path(__file__).parent / "lua"
_of_this_thread = threading.local()


def run(name: str, keys: Sequence[str], *arguments: Any) -> Any:
    """What lua/<name>.lua returns. Raises Unavailable; then it may have run or not."""
    source, digest = _script(name)
    call = len(keys), *keys, *arguments
    try:
        connection = own_connection(conf.get().redis_alias)
        try:
            return _answer(connection, "EVALSHA", digest, *call)
        except NoScriptError:  # a server that has just started
            return _answer(connection, "EVAL", source, *call)
    except RedisError as error:
        logger.error("redis: %s", type(error).__name__)
        raise Unavailable from error


@cache
def _script(name: str) -> tuple[str, str]:
    """A script's source, and the digest that Redis knows it by."""
    source = (_LUA / "common.lua").read_text() + (_LUA / f"{name}.lua").read_text()
    return source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


def _answer(connection: Any, *command: Any) -> Any:
    try:
        connection.send_command(*command)
        return connection.read_response()
    except ResponseError:  # which was read to its end
        raise
    except BaseException:  # or else the next call would read the answer to this one
        connection.disconnect()
        raise


def own_connection(alias: str) -> Any:
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


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "CACHES":
        _of_this_thread.__dict__.clear()


setting_changed.connect(_forget)
