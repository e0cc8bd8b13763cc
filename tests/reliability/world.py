"""All that a case runs on, each part a process: two workers, the sweep, the web, the sandbox, the
broker, Redis, the database and the mall. What ends is started again, as an init system would."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from dadashop.processes import Child
from tests.live import clean_environment, free_port
from tests.queue.brokers import Broker, Valkey
from tests.reliability.servers import PostgreSQL

_HOST = "127.0.0.1"
_SECRET = "the-secret-of-these-receipts"
_PATIENCE = 30  # seconds for a part to start
_WORKER = ["-m", "celery", "-A", "dadashop", "worker", "--pool", "threads", "--concurrency", "2"]
_QUIET = ["--queues", "notices", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"]
KEPT_UP = {
    "worker 1": [*_WORKER, *_QUIET, "--hostname", "one@%h"],
    "worker 2": [*_WORKER, *_QUIET, "--hostname", "two@%h"],
    "sweep": ["manage.py", "sweep", "--every", "0.5"],
}


class World:
    """Runs from start() to stop(). Without a `database` it is SQLite."""

    def __init__(self, place: Path, broker: Broker, database: PostgreSQL | None) -> None:
        self.place, self.broker, self.database = place, broker, database
        self.redis = Valkey(_made(place / "redis"))
        self.deaths = 0  # of workers
        self.sandbox_url = f"http://{_HOST}:{free_port()}"
        self._children: dict[str, Child] = {}
        self._environment = {
            "DJANGO_SETTINGS_MODULE": "tests.reliability.settings",
            "DADASHOP_DATA_DIR": str(place),
            "REDIS_URL": self.redis.url,
            "CELERY_BROKER_URL": broker.url,
            "SANDBOX_URL": self.sandbox_url,
            "RECEIPT_SECRET": _SECRET,
        }
        if database:
            self._environment["DATABASE_URL"] = database.url

    def start(self, *, latency: float, receipts: bool, **environment: str) -> None:
        """`latency` (seconds) is the platforms'; `environment` is for the workers."""
        self._environment |= environment
        self.broker.start()
        self.redis.start()
        port = str(free_port())
        url = f"http://{_HOST}:{port}"
        target = ["--receipts-to", f"{url}/v1/receipts/{{provider}}/{_SECRET}"] if receipts else []
        own_port = self.sandbox_url.rpartition(":")[2]
        self.run("sandbox", "-m", "sandbox", "--port", own_port, "--latency", str(latency), *target)
        self._until("migrate", self.run("migrate", "manage.py", "migrate", "-v0").ended)
        if receipts:
            where = ["--host", _HOST, "--port", port, "--blocking-threads", "2"]
            self.run(
                "web", "-m", "granian", "--interface", "wsgi", *where, "dadashop.wsgi:application"
            )
            self._until("web", lambda: _answers(f"{url}/healthz"))
        self._until("sandbox", lambda: _answers(f"{self.sandbox_url}/sandbox/accounts"))
        self.keep_up()

    def stop(self) -> None:
        for child in self._children.values():
            child.stop(timeout=5)
        self.redis.stop()
        self.broker.stop()

    def run(self, name: str, *arguments: str) -> Child:
        variables = clean_environment(**self._environment)
        clean = ["env", "-i", *(f"{key}={value}" for key, value in variables.items())]
        quietly = ["/bin/sh", "-c", f'exec "$@" >>"{self._log(name)}" 2>&1', "quietly"]
        child = self._children[name] = Child([*clean, *quietly, sys.executable, *arguments])
        return child

    def keep_up(self) -> None:
        """Start again what has ended."""
        for name, arguments in KEPT_UP.items():
            child = self._children.get(name)
            if child and not child.ended():
                continue
            if child:
                child.stop()
                self.deaths += name.startswith("worker")
            self.run(name, *arguments)

    def counts(self) -> dict[str, int]:
        """How many texts each phone (E.164) received."""
        answer = requests.get(f"{self.sandbox_url}/sandbox/messages/counts", timeout=10)
        found: dict[str, int] = answer.json()
        return found

    def fault(self, **fault: Any) -> None:
        url = f"{self.sandbox_url}/sandbox/faults"
        requests.post(url, json=fault, timeout=10).raise_for_status()

    def mall(self, count: int, seconds: float, *, receipts: bool) -> Child:
        """It sends `count` notices and waits at most `seconds` until all are settled."""
        options = [str(count), str(seconds), str(self._rows), self.sandbox_url, f"{receipts:d}"]
        return self.run("mall", "-m", "tests.reliability.mall", *options)

    def rows(self) -> list[dict[str, Any]]:
        """What became of the mall's messages. AssertionError where it has not come to its end."""
        assert self._rows.exists(), self._log("mall").read_text()
        found: list[dict[str, Any]] = json.loads(self._rows.read_text())
        return found

    @property
    def _rows(self) -> Path:
        return self.place / "rows.json"

    def _log(self, name: str) -> Path:
        return self.place / f"{name}.log"

    def _until(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            assert time.monotonic() < deadline, f"{name}: {self._log(name).read_text()}"
            time.sleep(0.02)


@contextmanager
def running(world: World, **how: Any) -> Iterator[World]:
    try:
        world.start(**how)
        yield world
    finally:
        world.stop()


def _made(place: Path) -> Path:
    place.mkdir()
    return place


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
