"""One call behind the requests' back for all who want it meanwhile.

waker = Waker(call)   # call() raises Unavailable
waker.check()         # raises Unavailable unless a call() went through just before, or does now
waker.wake()          # call() soon, in a thread: waits for nobody and never fails
"""

import math
import os
import threading
import time
import weakref
from collections.abc import Callable
from contextvars import Context, copy_context
from multiprocessing.util import Finalize

from .exceptions import Unavailable

_PAUSE = 0.02  # seconds between two calls
_PATIENCE = 0.5  # ... while they fail
_TRUST = 0.05  # seconds that a call which went through vouches for the next


class Waker:
    """In a fork it starts anew: what its parent was asked for is called there."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self._reset()
        _all.add(self)

    def _reset(self) -> None:
        # Of the last call: when, by time.monotonic(), and whether it went through.
        self._outcome: tuple[float, bool] = (-math.inf, False)
        self._turn, self._start = threading.Lock(), threading.Lock()
        self._wanted = threading.Event()
        self._context: Context | None = None
        self._thread: threading.Thread | None = None

    def check(self) -> None:
        """On a quiet day it calls; where others call all the time, their outcome is ours."""
        if not self._knows():
            with self._turn:
                if not self._knows():
                    self._try()
        if not self._outcome[1]:
            raise Unavailable

    def wake(self) -> None:
        """What call() logs, it logs as of the last who asked for it."""
        self._context = copy_context()
        self._wanted.set()
        if self._thread is None:
            with self._start:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        pause = threading.Event()
        while self._wanted.wait():
            pause.wait(_PAUSE if self.flush() else _PATIENCE)

    def flush(self) -> bool:
        """Call now if that is wanted; False where the call failed, and is still wanted."""
        if not self._wanted.is_set() or self._context is None:
            return True
        self._wanted.clear()
        well = self._context.copy().run(self._try)
        if not well:
            self._wanted.set()
        return well

    def _knows(self) -> bool:
        when, well = self._outcome
        return time.monotonic() - when < (_TRUST if well else _PATIENCE)

    def _try(self) -> bool:
        well = True
        try:
            self._call()
        except Unavailable:
            well = False
        self._outcome = time.monotonic(), well
        return well


_all: weakref.WeakSet[Waker] = weakref.WeakSet()


def _reset() -> None:
    for waker in _all:
        waker._reset()


def _flush() -> None:
    for waker in _all:
        waker.flush()


os.register_at_fork(after_in_child=_reset)
# What atexit does, and also where that is not done: in the processes that a web server forks.
Finalize(None, _flush, exitpriority=0)
