"""How often the use cases of codes ended how, by the hour: what the database does not know.

A call is counted in memory, and a thread takes the counts to Redis a moment later, so a request
waits for neither. A process that is killed loses the counts of that moment.

    <prefix>:{4}tally:<hour>   a hash: `send_code:login:ok` -> times; hours since 1970
"""

import logging
import os
import threading
import time
from collections.abc import Mapping
from multiprocessing.util import Finalize
from typing import Any, NamedTuple

from django_redis import get_redis_connection
from redis.exceptions import RedisError

from . import conf
from .exceptions import Unavailable

logger = logging.getLogger(__name__)

WAIT = 2.0  # seconds that a count may stay in memory; longer while Redis is away
KEPT_HOURS = 72  # in Redis, and in memory while Redis is away


class Ended(NamedTuple):
    """One way in which a use case ended: `send_code`, `login`, `ok` or the refusal."""

    use_case: str
    purpose: str
    outcome: str


Counted = tuple[int, str, str, str]  # an hour since 1970, and what an Ended is made of

_lock = threading.Lock()
_sending = threading.Lock()
_counts: dict[Counted, int] = {}
_timer: threading.Timer | None = None


def add(use_case: str, purpose: str, outcome: str) -> None:
    """Count one. Asks nobody and never fails."""
    global _timer
    what = int(time.time() // 3600), use_case, purpose, outcome
    with _lock:
        _counts[what] = _counts.get(what, 0) + 1
        if _timer is None:
            _timer = _start_timer()


def _start_timer() -> threading.Timer:
    timer = threading.Timer(WAIT, flush)
    timer.daemon = True
    timer.start()
    return timer


def flush(*, again: bool = True) -> None:
    """Take what was counted to Redis; where that is away, keep it and try `again` later."""
    global _counts, _timer
    with _sending:  # one at a time, so that whoever returns knows that all is there
        with _lock:
            counts, _counts, _timer = _counts, {}, None
        if not counts:
            return
        try:
            _send(counts)
        except RedisError as error:  # one that timed out may have counted, and counts again then
            logger.warning("tally: %s", type(error).__name__)
            if again:
                _keep(counts)


def _send(counts: Mapping[Counted, int]) -> None:
    """All of them or none, in one round trip."""
    with _connection().pipeline() as pipeline:
        for (hour, *what), count in counts.items():
            pipeline.hincrby(_key(hour), ":".join(what), count)
        for hour in {hour for hour, *_ in counts}:
            pipeline.expire(_key(hour), KEPT_HOURS * 3600)
        pipeline.execute()


def _keep(counts: Mapping[Counted, int]) -> None:
    global _timer
    oldest = time.time() // 3600 - KEPT_HOURS
    with _lock:
        for what, count in counts.items():
            if what[0] > oldest:
                _counts[what] = _counts.get(what, 0) + count
        if _counts and _timer is None:
            _timer = _start_timer()


def read(hour: int) -> dict[Ended, int]:
    """What all processes counted in an hour since 1970. Raises Unavailable."""
    try:
        told: dict[bytes, bytes] = _connection().hgetall(_key(hour))
    except RedisError as error:
        raise Unavailable from error
    return {Ended(*field.decode().split(":")): int(count) for field, count in told.items()}


def _connection() -> Any:
    return get_redis_connection(conf.get().redis_alias)


def _key(hour: int) -> str:
    return f"{conf.get().key_prefix}:{{4}}tally:{hour}"


def forget() -> None:
    """Drop what is not in Redis yet: a fork's copy, which its parent counts, or a test's."""
    global _lock, _sending, _timer
    if _timer:
        _timer.cancel()
    _lock, _sending, _timer = threading.Lock(), threading.Lock(), None
    _counts.clear()


os.register_at_fork(after_in_child=forget)
# What atexit does, and also where that is not done: in the processes that a web server forks.
Finalize(None, flush, kwargs={"again": False}, exitpriority=0)
