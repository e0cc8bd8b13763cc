"""Where a request's time goes: the product's WSGI application in this process, timed by parts.

Times are those of the processor: at saturation its core is what a request costs, and while one
thread waits for Redis another runs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from time import thread_time
from typing import Any
from unittest.mock import patch

import prometheus_client
from django.core.wsgi import get_wsgi_application

from verifications import codes, delivery, edge, limits, phones, rows, scripts, store

from .calls import Call

_REST = "Django's handler, middleware and the views"
# Each counts without those of the others that it calls.
_PARTS: list[tuple[str, Any, Sequence[str]]] = [
    ("EVALSHA and its way", scripts, ["run"]),
    ("JSON in and out", edge, ["read", "answer"]),
    ("keyed hashes", codes, ["pseudonyms", "new_challenge", "code_of", "digests", "seal"]),
    ("rows of the database", rows, ["insert", "settle"]),
    ("delivery around its rows", delivery, ["deliver_now"]),
    ("metrics", prometheus_client.Counter, ["labels", "inc"]),
    ("metrics", prometheus_client.Histogram, ["observe"]),
    ("phone, address and quotas", phones, ["normalise", "mask"]),
    ("phone, address and quotas", edge, ["client_ip"]),
    ("phone, address and quotas", limits, ["plan", "network"]),
    ("store.py around EVALSHA", store, ["issue", "check", "phone_keys", "shared_key"]),
]


class _Clock:
    """Seconds a part, each without what it called of the others."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            started = thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                took = thread_time() - started
                self.spent[part] += took - self._inner.pop()
                self._inner[-1] += took

        return wrapper


def measure(requests: list[Call]) -> dict[str, float]:
    """Microseconds of processor time that a request takes in Python, by parts."""
    application = get_wsgi_application()
    warm_up, timed = requests[: len(requests) // 10], requests[len(requests) // 10 :]
    for call in warm_up:
        _answer(application, call)
    clock = _Clock()
    answer = clock.timed(_REST, _answer)
    with _taken_apart(clock):
        for call in timed:
            answer(application, call)
    return {part: seconds / len(timed) * 1e6 for part, seconds in clock.spent.items()}


@contextmanager
def _taken_apart(clock: _Clock) -> Iterator[None]:
    with ExitStack() as stack:
        for part, owner, names in _PARTS:
            for name in names:
                original = getattr(owner, name)
                stack.enter_context(patch.object(owner, name, clock.timed(part, original)))
        yield


def _answer(application: Any, call: Call) -> None:
    response = application(call.environ, lambda status, headers, info=None: None)
    if response.status_code >= 300:
        raise RuntimeError(f"{call.path} answered {response.status_code}")
    b"".join(response)
    response.close()
