"""notices.* and worker.rss_growth: from the call of services.notify to the last row settled.

One worker process sends them through the sandbox, a round trip of 50 ms and TLS away, and the
platform's own SDK takes turns with it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import psutil

from dadashop.processes import Child

from . import platform, report, vendor
from .platform import Platform
from .report import Row
from .servers import Cores, on_core, quietly

THREADS = 2  # of the worker: tasks at once; notice_settings says how many requests
BATCH = 1000  # phones a call, where the text is one: five requests of 200
_SLICES = 2  # of the SDK's messages in a round: before and after ours


@dataclass(frozen=True)
class Size:
    rounds: int
    messages: int  # a round, of each kind
    warm_up: int  # messages, before anything is measured
    vendor: int  # messages a round, by the SDK


@dataclass
class Measured:
    """One value a round. The SDK's are empty where PyPI is out of reach."""

    rates: list[float] = field(default_factory=list)  # messages a second
    batch_rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # of worker and caller, ms a message
    callers: list[float] = field(default_factory=list)  # share of the caller in it
    rss: list[float] = field(default_factory=list)  # of the worker, bytes after the warm-up
    growth: list[float] = field(default_factory=list)  # since then, percent
    headroom: list[float] = field(default_factory=list)  # messages a second
    vendor_rates: list[float] = field(default_factory=list)
    vendor_cpu: list[float] = field(default_factory=list)  # ms a message


class _Crew:
    """A worker, and callers that give it work."""

    def __init__(self, worker: psutil.Process, environment: dict[str, str], core: int | None):
        self._worker, self._environment, self._core = worker, environment, core
        self.phones = 0  # that were texted so far

    def work(self, count: int, phones_a_call: int) -> tuple[float, float, float]:
        """(seconds, the worker's seconds of processor time, the caller's)."""
        arguments = map(str, (count, self.phones, phones_a_call))
        self.phones += count
        before = self._cpu()
        with on_core(self._core):
            said = _run("benchmarks.caller", *arguments, environment=self._environment)
        took = json.loads(said)
        return took["seconds"], self._cpu() - before, took["cpu_seconds"]

    def rss(self) -> int:
        return int(self._worker.memory_info().rss)

    def _cpu(self) -> float:
        times = self._worker.cpu_times()
        return float(times.user + times.system)


def measure(size: Size, cores: Cores, database_url: str | None = None) -> Measured:
    """On a fresh SQLite file, unless there is the URL of an empty database."""
    measured = Measured()
    with_vendor = database_url is None and vendor.install()
    with tempfile.TemporaryDirectory(prefix="dadashop-bench-") as name:
        directory = Path(name)
        url = database_url or f"sqlite:///{directory / 'db.sqlite3'}"
        with platform.running(directory, cores.load) as running:
            environment = platform.environment(running, directory, url)
            _run("django", "migrate", "--verbosity=0", environment=environment)
            first = 0
            for _ in range(size.rounds):
                with _crew(environment, cores) as crew:
                    crew.phones = first
                    _round(measured, size, crew, running, with_vendor, cores)
                    first = crew.phones
            _check_texts(running, first)
            with on_core(cores.server):
                rates = [platform.headroom(running, size.messages // 2) for _ in range(size.rounds)]
            measured.headroom = rates
    return measured


def _round(
    measured: Measured,
    size: Size,
    crew: _Crew,
    running: Platform,
    with_vendor: bool,
    cores: Cores,
) -> None:
    slices = []
    crew.work(size.warm_up, 1)
    rss = crew.rss()
    if with_vendor:
        slices.append(vendor.send(running, size.vendor // _SLICES, cores.server))
    seconds, worker_cpu, caller_cpu = crew.work(size.messages, 1)
    measured.rates.append(size.messages / seconds)
    measured.cpu.append((worker_cpu + caller_cpu) / size.messages * 1000)
    measured.callers.append(caller_cpu / (worker_cpu + caller_cpu))
    measured.rss.append(rss)
    measured.growth.append((crew.rss() - rss) / rss * 100)
    if with_vendor:
        slices.append(vendor.send(running, size.vendor // _SLICES, cores.server))
        sent = size.vendor // _SLICES * _SLICES
        measured.vendor_rates.append(sent / sum(seconds for seconds, _ in slices))
        measured.vendor_cpu.append(sum(cpu for _, cpu in slices) / sent * 1000)
    seconds, _, _ = crew.work(size.messages, BATCH)
    measured.batch_rates.append(size.messages / seconds)


@contextmanager
def _crew(environment: dict[str, str], cores: Cores) -> Iterator[_Crew]:
    # Celery warns whoever is root, as one is in a container.
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "celery",
        "-A",
        "dadashop",
        "--quiet",
        "worker",
    ]
    options = ["-Q", "notices", "-P", "threads", "-c", str(THREADS), "-l", "ERROR"]
    with on_core(cores.server):
        worker = Child(quietly([*command, *options]), environment)
    try:
        yield _Crew(psutil.Process(worker.pid), environment, cores.load)
    finally:
        worker.stop()


def _run(module: str, *arguments: str, environment: dict[str, str]) -> str:
    """What `python -m module` prints. Raises RuntimeError with what it complains of."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**psutil.Process().environ(), **environment},
        capture_output=True,
        text=True,
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
    return done.stdout


def _check_texts(running: Platform, phones: int) -> None:
    """Every phone has exactly one text, or what was measured means nothing."""
    ours = [count for phone, count in running.texts().items() if phone.startswith("+86137")]
    if ours != [1] * phones:
        raise RuntimeError(f"{len(ours)} of {phones} phones were texted, {max(ours)} times at most")


def rows(measured: Measured) -> list[Row]:
    theirs, unit = measured.vendor_rates, "messages/s"
    return [
        *([report.row("notices.vendor_sdk", unit, theirs)] if theirs else []),
        report.row("notices.throughput", unit, measured.rates, theirs),
        report.row("notices.cpu", "ms/message", measured.cpu, measured.vendor_cpu),
        report.row("notices.batch", unit, measured.batch_rates, theirs),
        report.row("worker.rss_growth", "%", measured.growth),
        report.row("sandbox.headroom", unit, measured.headroom, measured.rates),
    ]


def words(measured: Measured) -> str:
    return (
        f"  notices.cpu: the caller's share is {median(measured.callers):.0%}. "
        f"worker.rss_growth: from {median(measured.rss) / 2**20:.0f} MiB after the warm-up."
    )


def on_postgresql(size: Size, cores: Cores) -> str:
    """The same for one round on a server of the tests' own, without a bar."""
    from tests.databases import MissingError, postgresql

    try:
        with postgresql() as url:
            measured = measure(replace(size, rounds=1), cores, url)
    except MissingError as missing:
        return f"  On PostgreSQL: not measured, there is no {missing}."
    return (
        f"  On PostgreSQL: {measured.rates[0]:.0f} messages/s, {measured.cpu[0]:.2f} ms/message, "
        f"in batches {measured.batch_rates[0]:.0f} messages/s."
    )
