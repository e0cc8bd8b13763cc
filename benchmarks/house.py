"""The product as production runs it, on this machine: web, workers, beat, a queue, PostgreSQL,
Redis, and a platform 50 ms away over TLS, each a process of its own."""

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from dadashop.processes import Child
from tests.queue.brokers import RabbitMQ
from tests.redis.clusters import cluster

from . import platform, servers

_CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "dadashop", "--quiet"]
_THREADS = {"codes": "16", "notices": "4"}  # of a worker, as deploy/systemd has them
# What stands in the command of each; the first that does, tells whose processor time it is.
_PARTS = {
    "platform": "sandbox",
    "codes": "-Q codes",
    "notices": "-Q notices",
    "beat": "beat",
    "web": "granian",
    "database": "postgres",
    "redis": "valkey-server",
    "queue": "rabbitmq",
}


@dataclass(frozen=True)
class House:
    ports: list[int]  # of the web processes
    platform: platform.Platform
    directory: Path

    def spent(self) -> dict[str, float]:
        """Seconds of processor time that each part has used so far."""
        seconds: dict[str, float] = defaultdict(float)
        for process in psutil.process_iter():
            try:
                said = " ".join(process.cmdline())
                times = process.cpu_times()
            except psutil.Error:
                continue
            if str(self.directory) in said or process.pid in _ours():
                part = next((part for part, words in _PARTS.items() if words in said), "other")
                seconds[part] += times.user + times.system
        return seconds


def _ours() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


@contextmanager
def running(processes: int, *, apart: bool) -> Iterator[House]:
    """With so many web processes, workers of codes and workers of notices.

    Django is set up in this process, too. `apart`: the queue is RabbitMQ and Redis is a cluster of
    three masters, else one Valkey is both.
    """
    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="dadashop-house-"))
        directory = Path(place)
        servers.prepare_environment(directory)
        stack.enter_context(servers.database(None))
        stack.enter_context(servers.valkey(directory, None))
        texts = stack.enter_context(platform.running(directory, None))
        os.environ |= platform.environment(texts, directory, os.environ["DATABASE_URL"])
        if apart:
            os.environ["REDIS_URL"] = stack.enter_context(cluster()).url
            os.environ["CELERY_BROKER_URL"] = _rabbitmq(stack, directory)
        _set_up()
        for queue, threads in _THREADS.items():
            for number in range(processes):
                name = f"{queue}{number}@bench"
                worker = ["worker", "-Q", queue, "-P", "threads", "-c", threads, "-n", name]
                _start(stack, [*worker, "--without-gossip", "--without-mingle"])
        _start(stack, ["beat"])
        settings = os.environ["DJANGO_SETTINGS_MODULE"]
        ports = [
            stack.enter_context(servers.web(servers.PRODUCT[0], settings, None))
            for _ in range(processes)
        ]
        yield House(ports, texts, directory)


def _rabbitmq(stack: ExitStack, directory: Path) -> str:
    place = directory / "rabbitmq"
    place.mkdir()
    broker = RabbitMQ(place)
    stack.callback(broker.stop)
    broker.start()
    return broker.url


def _start(stack: ExitStack, command: list[str]) -> None:
    child = Child(servers.quietly([*_CELERY, *command, "-l", "ERROR"]))
    stack.callback(child.stop, timeout=20)


def _set_up() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
