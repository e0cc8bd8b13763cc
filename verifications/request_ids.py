"""One name for a request and all that follows from it, through web and worker: for the logs.

    request_ids.start()            # a new one, of this thread's work from here on
    request_ids.current()

It is nobody's secret and says nothing of anyone. What runs in other threads for the same request
has to be given the context (contextvars.copy_context).
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Request-ID"
_FORM = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)

_current: ContextVar[str] = ContextVar("request_id", default="")


def start(given: str | None = None) -> str:
    """From here on, `given` where it has the form of one, else a new one: 32 hex digits."""
    own = given if given and _FORM.fullmatch(given) else _new()
    _current.set(own)
    return own


@contextmanager
def of(given: str) -> Iterator[None]:
    """Inside, what is logged is of the request of this id, if there is one."""
    token = _current.set(given or _current.get())
    try:
        yield
    finally:
        _current.reset(token)


def _new() -> str:
    # No secret, and every request has one: the system's randomness would take ten times as long.
    return f"{random.getrandbits(128):032x}"  # nosec B311


def current() -> str:
    """Empty outside of a request or task."""
    return _current.get()
