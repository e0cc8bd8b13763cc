"""One run of everything: the rows of the table, and what dominates each of them."""

import sys
from dataclasses import dataclass
from statistics import median

from . import (
    calls,
    memory,
    notices,
    report,
    resident,
    rounds,
    scripts_time,
    servers,
    shares,
    startup,
)
from .report import Row


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    requests: int  # a round, of each kind
    phones: int  # with a code each, for the memory
    calls: int  # in this process, to tell the parts of a request
    notices: notices.Size


FULL = Size(
    rounds=5,
    requests=6000,
    phones=100_000,
    calls=3000,
    notices=notices.Size(rounds=3, messages=10_000, warm_up=1000, vendor=200),
)
QUICK = Size(
    rounds=1,
    requests=200,
    phones=500,
    calls=100,
    notices=notices.Size(rounds=1, messages=200, warm_up=40, vendor=4),
)


def measure(size: Size, cores: servers.Cores) -> tuple[list[Row], list[str]]:
    with servers.on_core(cores.load):
        remembered = memory.measure(size.phones)
        spent = scripts_time.measure(size.rounds, size.requests // 3)
        measured = rounds.measure(size.rounds, size.requests, cores)
        python = resident.python() if size.rounds > 1 else sys.executable
        held = resident.measure(python, cores)
    with servers.on_core(cores.server):
        parts = {
            "send": shares.measure(calls.sends(size.calls)),
            "verify": shares.measure(calls.checks(size.calls)),
        }
    started = startup.measure(size.rounds, cores)
    noticed = notices.measure(size.notices, cores)
    rows = [
        *_http_rows(measured),
        report.row("web.rss", "MiB", [held]),
        *_script_rows(spent),
        _memory_row(remembered),
        *_startup_rows(started),
        *notices.rows(noticed),
    ]
    words = [
        "\nWhat dominates each:",
        *(_http_words(name, measured[name], parts[name]) for name in parts),
        _load_words(measured),
        _memory_words(remembered),
        _startup_words(started),
        notices.words(noticed),
        *([notices.on_postgresql(size.notices, cores)] if size.rounds > 1 else []),
    ]
    return rows, words


def _http_rows(measured: dict[str, rounds.Measured]) -> list[Row]:
    unit, bare = "requests/s", measured["bare"].rates

    def row(name: str, mode: str, floor: str) -> Row:
        return report.row(name, unit, measured[mode].rates, measured[floor].rates)

    return [
        report.row("http.bare", unit, bare),
        row("http.verify", "verify", "bare"),
        row("http.send", "send", "update"),
        row("http.send_insert", "send", "insert"),
        row("http.send_queued", "queued", "bare"),
        row("http.send_published", "queued", "publish"),
        *(_tail(name, measured) for name in rounds.MODES),
        row("load.headroom", "nothing", "bare"),
    ]


def _tail(name: str, measured: dict[str, rounds.Measured]) -> Row:
    """Beside that of the bare view, since a machine that is shared has one of its own."""
    tails, bare = measured[name].tails, measured["bare"].tails
    return report.row(f"http.{name}_tail", "p99/p50", tails, bare)


def _script_rows(spent: list[scripts_time.Spent]) -> list[Row]:
    return [
        report.row(
            f"redis.{name}_us",
            "us",
            [one[name] for one in spent],
            [one[f"{name}, floor"] for one in spent],
        )
        for name in ("issue", "check")
    ]


def _memory_row(remembered: memory.Memory) -> Row:
    return report.row("redis.bytes_per_code", "bytes", [remembered.per_code])


def _startup_rows(started: dict[str, list[float]]) -> list[Row]:
    named = {
        "startup.seconds": "web",
        "startup.runlocal_seconds": "later",
        "startup.runlocal_first_seconds": "first",
    }
    return [
        report.row(name, "seconds", started[key], started["bare"]) for name, key in named.items()
    ]


def _http_words(name: str, measured: rounds.Measured, parts: dict[str, float]) -> str:
    """The server's core is busy all the time, so a request costs it 1 / rate."""
    whole = 1e6 / median(measured.rates)
    python = sum(parts.values())
    everything = {**parts, "Granian, the kernel and changing threads": whole - python}
    return (
        f"  http.{name}: {whole:.0f} us of the core, {python:.0f} of them Python in one thread; "
        f"{report.largest(everything, 'us')}. "
        f"In Valkey, on the other core, the script takes {median(measured.valkey_us):.0f} us. "
        f"{_latency(measured)}."
    )


def _latency(measured: rounds.Measured) -> str:
    p50, p99 = (median(run.percentile(p) for run in measured.runs) for p in (50, 99))
    return f"Saturated, half of the answers take {p50:.1f} ms, 99 % take {p99:.1f} ms"


def _load_words(measured: dict[str, rounds.Measured]) -> str:
    """Valkey and the load share a core: as long as it is not busy, the server's is what counts."""
    busy = {
        name: median(run.cpu_seconds / run.seconds for run in kind.runs)
        + median(kind.rates) * median(kind.valkey_us) / 1e6
        for name, kind in measured.items()
    }
    said = ", ".join(f"{name} {share:.0%}" for name, share in busy.items())
    return f"  load.headroom: the other core, the load and the scripts on it, is busy for {said}."


def _memory_words(memory: memory.Memory) -> str:
    quotas = memory.quota * memory.quota_keys / memory.codes
    parts = {
        "the phone's own key": memory.key,
        "the counters of addresses and of everyone": quotas,
        "Valkey's tables of keys and of their ends": memory.per_code - memory.key - quotas,
    }
    return (
        f"  redis.bytes_per_code: {report.largest(parts, 'bytes')}. "
        f"A counter takes {memory.quota:.0f} bytes; {memory.quota_keys} of them served "
        f"{memory.codes} phones."
    )


def _startup_words(started: dict[str, list[float]]) -> str:
    packages = dict(startup.imports())
    said = ", ".join(f"{name} {ms:.0f} ms" for name, ms in list(packages.items())[:4])
    return (
        f"  startup.seconds: importing and setting up takes {sum(packages.values()):.0f} ms, of "
        f"it {said}; runlocal's first start adds the migrations, "
        f"{median(started['first']) - median(started['later']):.1f} s."
    )
