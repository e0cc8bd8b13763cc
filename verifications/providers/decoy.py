"""A text that nobody is sent, in the time that a platform would have taken.

Whoever asks for a code must not learn that the phone is blocked. So such a text goes the way of all
others, up to here.
"""

import random
import secrets
import time
from collections import deque

from .base import Accepted, Provider, SendError, Text

_REMEMBERED = 256
_TYPICAL = 0.1  # seconds, as long as nothing is known
# What the platforms took of late to take a code, in seconds: what a decoy takes is drawn from it.
_latest: dict[str, deque[float]] = {}
# Those that did not take the latest one: after how many seconds, and what they said.
_failing: dict[str, tuple[float, SendError]] = {}
_chance = random.SystemRandom()
# How late the latest sleepers were back at work, in seconds.
_late: deque[float] = deque([0.000_1], maxlen=_REMEMBERED)


def learn(provider: str, seconds: float, error: SendError | None) -> None:
    """What a platform has just done with a code, and in which time."""
    if error:
        _failing[provider] = seconds, error
    else:
        _failing.pop(provider, None)
        _latest.setdefault(provider, deque(maxlen=_REMEMBERED)).append(seconds)


def forget() -> None:
    """What was learnt, for a test to begin with."""
    _latest.clear()
    _failing.clear()


class Decoy(Provider):
    """Does what the platform `like` would, in its time; takes all at once if it is ""."""

    name = "withheld"
    batch_limit = 1
    real = False

    def __init__(self, like: str) -> None:
        self._like = like

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        started = time.perf_counter()
        if self._like in _failing:
            seconds, error = _failing[self._like]
            _wait_until(started + seconds)
            raise type(error)(error.code, error.reason)
        end = started + self._seconds()
        # Before the wait: randomness lets other threads go first, and that would come on top.
        taken: dict[str, Accepted | SendError] = {
            phone: Accepted(secrets.token_hex(16)) for phone in text.phones
        }
        _wait_until(end)
        return taken

    def _seconds(self) -> float:
        if not self._like:
            return 0.0
        seconds = [*_latest.get(self._like, ())]
        return _chance.choice(seconds) if seconds else _TYPICAL


def _wait_until(end: float) -> None:
    """Early by as much as another sleeper was late: the seconds that a platform took have the way
    back to work in them, which a sleep to the end would add once more. (Waiting awake would hold up
    other threads, and that shows too.) Thousands of requests would tell the two apart."""
    early = _chance.choice([*_late])
    start = time.perf_counter()
    sleep = end - start - early
    if sleep <= 0:
        return
    time.sleep(sleep)
    _late.append(time.perf_counter() - start - sleep)
