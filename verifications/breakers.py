"""Circuit breakers: a platform that fails is passed over for a while, by every process at once.

Closed, a platform is asked as ever; after `BREAKER` failures in a row it is open and nobody asks
it; then half open, and one send probes it. They live in Redis. Without Redis all count as closed:
a breaker spares time, it guards nothing.
"""

import time
from collections.abc import Sequence
from typing import Literal

from . import conf, scripts, store
from .exceptions import Unavailable

_PROBE_MS = 10_000  # longer than any platform's timeouts
_TRUST = 0.5  # seconds that "nothing against it" is believed without asking again

_clean_until: dict[str, float] = {}  # by time.monotonic()


def closed(names: Sequence[str]) -> set[str]:
    """Those that may be asked now."""
    now = time.monotonic()
    if all(_clean_until.get(name, 0.0) > now for name in names):
        return set(names)
    try:
        states = scripts.run("allow", [_key()], store.ahead_ms, _PROBE_MS, *names)
    except Unavailable:
        return set(names)
    for name, state in zip(names, states, strict=True):
        _clean_until[name] = now + _TRUST if state == 0 else 0.0
    return {name for name, state in zip(names, states, strict=True) if state != 2}


def report(name: str, *, ok: bool, of: Literal["send", "receipt"] = "send") -> bool:
    """What a platform did; True if this has opened its breaker."""
    if ok and _clean_until.get(name, 0.0) > time.monotonic():
        return False
    _clean_until[name] = 0.0
    failures, seconds = conf.get().breaker
    try:
        return bool(
            scripts.run(
                "report", [_key()], store.ahead_ms, failures, seconds * 1000, name, of, int(ok)
            )
        )
    except Unavailable:
        return False


def seconds_open(name: str) -> float:
    """For how long a platform is still passed over; 0.0 while it may be asked. Changes nothing.

    Raises Unavailable.
    """
    until_ms = store.read_field(_key(), f"{name}:until")
    return max(0.0, int(until_ms) / 1000 - store.clock()) if until_ms else 0.0


def _key() -> str:
    return store.shared_key("breakers", b"")
