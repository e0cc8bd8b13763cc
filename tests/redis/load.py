"""Shoppers in threads who never rest: each asks for a code, types it in, and begins again."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from django.db import connections

from tests.until import until
from verifications.exceptions import CodeExpired, RateLimited, Unavailable
from verifications.providers import locmem
from verifications.services import send_code, verify_code

logger = logging.getLogger(__name__)

_THREADS = 4
_REST = 0.005  # seconds, so that who is refused does not keep the machine busy
Code = tuple[str, str]  # of a phone


class Seen:
    """What came of it; times are those of time.monotonic()."""

    def __init__(self) -> None:
        self.texted: list[float] = []
        self.passed: list[Code] = []
        self.unanswered: list[Code] = []  # verified or not, nobody knows
        self.passed_at: list[float] = []
        self.unavailable_at: list[float] = []
        self.limited = Event()

    def refused_for(self, since: float) -> float:
        """Seconds from then to the first right code that passed after the last refusal."""
        last = max((at for at in self.unavailable_at if at > since), default=since)
        return min(at for at in self.passed_at if at > last) - since


def _shop(new_phone: Callable[[], str], seen: Seen, stop: Event) -> None:
    while not stop.wait(_REST):
        phone = new_phone()
        try:
            send_code(phone, "login")
            seen.texted.append(time.monotonic())
        except Unavailable:
            seen.unavailable_at.append(time.monotonic())
            continue
        except RateLimited:
            seen.limited.set()
            return
        code = next(t.params["code"] for t in locmem.outbox.copy() if t.phones == [f"+86{phone}"])
        _type_in(phone, code, seen)


def _type_in(phone: str, code: str, seen: Seen) -> None:
    try:
        verify_code(phone, "login", code)
    except Unavailable:
        seen.unanswered.append((phone, code))
        seen.unavailable_at.append(time.monotonic())
    except CodeExpired:  # it was lost with its master
        pass
    else:
        seen.passed.append((phone, code))
        seen.passed_at.append(time.monotonic())


@contextmanager
def shoppers(new_phone: Callable[[], str]) -> Iterator[Seen]:
    seen, stop = Seen(), Event()

    def run() -> None:
        try:
            _shop(new_phone, seen, stop)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_THREADS) as pool:
        runs = [pool.submit(run) for _ in range(_THREADS)]
        try:
            yield seen
        finally:
            stop.set()
    for one in runs:
        one.result()


def kill_under_load(kill: Callable[[], object], new_phone: Callable[[], str], limit: int) -> None:
    """Texts go on until `limit`, everybody's, is reached; kill() is called in the middle.

    What is promised holds: the limit counts on, no code passes twice, and it all comes back.
    """
    with shoppers(new_phone) as seen:
        until(lambda: len(seen.passed) > limit // 4, "texts go out")
        killed = time.monotonic()
        kill()
        until(lambda: any(at > killed for at in seen.unavailable_at), "a call was refused")
        until(seen.limited.is_set, "the limit is reached")
    # What no replica had when its master ended is not counted: at most the last second's.
    ends = seen.unavailable_at
    lost = sum(any(at < end < at + 1 for end in ends) for at in seen.texted)
    logger.info("refused for %.1f s; %d texts", seen.refused_for(killed), len(seen.texted))
    assert len(seen.texted) <= limit + lost
    assert not [code for code in seen.passed if _passes(*code)]
    for code in seen.unanswered:
        assert _passes(*code) + _passes(*code) <= 1


def _passes(phone: str, code: str) -> bool:
    """Once it is answered."""

    def answers() -> list[bool]:
        try:
            verify_code(phone, "login", code)
        except CodeExpired:
            return [False]
        except Unavailable:
            return []
        return [True]

    return until(answers, "Redis answers")[0]
