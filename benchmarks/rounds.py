"""http.*: each mode of the product, in turn with the bare views that it is a ratio to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any

from django_redis import get_redis_connection

from verifications import store

from . import calls
from .floors import QUEUE
from .load import Run, drive, request_bytes, together
from .servers import BARE, FLOORS, PRODUCT, QUEUED, Cores, web

MODES = ("send", "queued", "verify")
_WARM_UP = 500  # requests, before anything is timed: caches, connections of each thread
_SLICES = 8  # of a round: a machine that slows down for a second slows all kinds alike


@dataclass
class Measured:
    """The runs of one thing, one a round, and what Valkey itself spent on each of its calls."""

    runs: list[Run] = field(default_factory=list)
    valkey_us: list[float] = field(default_factory=list)
    calm: list[Run] = field(default_factory=list)  # at half of the rate of `runs`

    @property
    def rates(self) -> list[float]:
        return [run.rate for run in self.runs]

    @property
    def tails(self) -> list[float]:
        """At half load, by how much the slowest of a hundred is slower than the median."""
        return [run.percentile(99) / run.percentile(50) for run in self.calm]


Kind = Callable[[int, float | None], Run]


def measure(rounds: int, count: int, cores: Cores) -> dict[str, Measured]:
    """MODES and the bare views, `rounds` times `count` requests each.

    Raises LoadError at the first answer that is not the expected one.
    """
    with _kinds(cores) as kinds:
        for run in kinds.values():
            run(min(_WARM_UP, count), None)
        measured = {name: Measured() for name in kinds}
        for _ in range(rounds):
            _round(kinds, measured, count)
        for _ in range(rounds):
            for name in (*MODES, "bare"):
                half = median(measured[name].rates) / 2
                measured[name].calm.append(kinds[name](count // _SLICES, half))
        return measured


@contextmanager
def _kinds(cores: Cores) -> Iterator[dict[str, Kind]]:
    core = cores.server
    with (
        web(*BARE, core) as bare,
        web(*FLOORS, core) as floors,
        web(*PRODUCT, core) as product,
        web(*QUEUED, core) as queued,
    ):

        def view(port: int, path: str, method: str = "POST") -> Kind:
            request = request_bytes(method, path, {} if method == "POST" else None)
            return lambda n, rate: _timed(port, [request] * n, 200, rate)

        def sends(port: int) -> Kind:
            return lambda n, rate: _timed(port, [one.raw for one in calls.sends(n)], 202, rate)

        yield {
            "bare": view(bare, "/evalsha"),
            "insert": view(floors, "/insert"),
            "update": view(floors, "/update"),
            "publish": view(floors, "/publish"),
            "send": sends(product),
            "queued": sends(queued),
            "verify": lambda n, rate: _timed(
                product, [one.raw for one in calls.checks(n)], 200, rate
            ),
            "nothing": view(bare, "/healthz", "GET"),
        }


def _round(kinds: dict[str, Kind], measured: dict[str, Measured], count: int) -> None:
    slices: dict[str, list[Run]] = {name: [] for name in kinds}
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(_SLICES):
        for name, run in kinds.items():
            slices[name].append(run(count // _SLICES, None))
            spent[name].append(_valkey_us())
    for name in kinds:
        measured[name].runs.append(together(slices[name]))
        measured[name].valkey_us.append(mean(spent[name]))


def _timed(port: int, requests: list[bytes], status: int, rate: float | None) -> Run:
    redis = get_redis_connection()
    redis.delete("codes", QUEUE, *store.outbox_keys())  # what nobody works off
    redis.config_resetstat()
    return drive(port, requests, status, rate)


def _valkey_us() -> float:
    """What one EVALSHA took inside Valkey, on average since the reset."""
    stats: dict[str, Any] = get_redis_connection().info("commandstats")
    return float(stats.get("cmdstat_evalsha", {}).get("usec_per_call", 0))
