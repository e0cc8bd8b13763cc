"""http.send and http.verify, interleaved with the bare view that each is a ratio to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

from django_redis import get_redis_connection

from . import calls
from .load import Run, drive, request_bytes, together
from .servers import BARE, PRODUCT, Cores, web

_WARM_UP = 500  # requests, before anything is timed: caches, connections of each thread
_SLICES = 8  # of a round: a machine that slows down for a second slows all kinds alike


@dataclass
class Measured:
    """The runs of one thing, one a round, and what Valkey itself spent on each of its calls."""

    runs: list[Run] = field(default_factory=list)
    valkey_us: list[float] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return [run.rate for run in self.runs]


def measure(rounds: int, count: int, cores: Cores) -> dict[str, Measured]:
    """`bare`, `send`, `verify` and `nothing` (no Redis): `rounds` times `count` requests each.

    Raises LoadError at the first answer that is not the expected one.
    """
    with web(*BARE, cores.server) as bare, web(*PRODUCT, cores.server) as product:
        kinds: dict[str, Callable[[int], Run]] = {
            "bare": lambda n: _timed(bare, [request_bytes("POST", "/evalsha", {})] * n, 200),
            "send": lambda n: _timed(product, [call.raw for call in calls.sends(n)], 202),
            "verify": lambda n: _timed(product, [call.raw for call in calls.checks(n)], 200),
            "nothing": lambda n: _timed(bare, [request_bytes("GET", "/healthz")] * n, 200),
        }
        for run in kinds.values():
            run(min(_WARM_UP, count))
        measured = {name: Measured() for name in kinds}
        for _ in range(rounds):
            slices: dict[str, list[Run]] = {name: [] for name in kinds}
            spent: dict[str, list[float]] = {name: [] for name in kinds}
            for _ in range(_SLICES):
                for name, run in kinds.items():
                    slices[name].append(run(count // _SLICES))
                    spent[name].append(_valkey_us())
            for name in kinds:
                measured[name].runs.append(together(slices[name]))
                measured[name].valkey_us.append(mean(spent[name]))
    return measured


def _timed(port: int, requests: list[bytes], status: int) -> Run:
    get_redis_connection().config_resetstat()
    return drive(port, requests, status)


def _valkey_us() -> float:
    """What one EVALSHA took inside Valkey, on average since the reset."""
    stats: dict[str, Any] = get_redis_connection().info("commandstats")
    return float(stats.get("cmdstat_evalsha", {}).get("usec_per_call", 0))
