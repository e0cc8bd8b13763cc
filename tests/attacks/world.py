"""What is attacked, each part a process of this machine: the web, Valkey, the sandbox."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests

from dadashop.embedded import EmbeddedValkey
from dadashop.processes import Child
from tests.attacks.wire import HOST
from tests.live import ROOT, clean_environment, free_port

SECRET = "the-secret-of-these-attacks"
THREADS = 4  # of the web, as runlocal and the units start it
_PATIENCE = 30  # seconds for a part to start


class World:
    """Runs within running()."""

    def __init__(self, place: Path, settings: str, latency: float) -> None:
        self.place = place
        self.port, self._sandbox_port = free_port(), free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.sandbox_url = f"http://{HOST}:{self._sandbox_port}"
        self._latency = latency
        self._valkey = EmbeddedValkey(place)
        self._children: dict[str, Child] = {}
        self._environment = {
            "DJANGO_SETTINGS_MODULE": settings,
            "DADASHOP_DEBUG": "0",
            "DADASHOP_SECRET_KEY": "the-secret-key-of-these-attacks-0123456789",
            "DADASHOP_DATA_DIR": str(place),
            "DADASHOP_TRUSTED_PROXIES": "1",
            "DADASHOP_GUARD": "enforce",
            "DADASHOP_CAPTCHA": "adaptive",
            "SANDBOX_URL": self.sandbox_url,
            "RECEIPT_SECRET": SECRET,
            "SERVICE_KEYS": SECRET,
        }

    def start(self) -> None:
        self._environment["REDIS_URL"] = f"unix://{self._valkey.ensure_running()}"
        where = ["--port", str(self._sandbox_port), "--latency", str(self._latency)]
        receipts = f"{self.url}/v1/receipts/{{provider}}/{SECRET}"
        self._run("sandbox", "-m", "sandbox", *where, "--receipts-to", receipts)
        self._until("migrate", self._run("migrate", "manage.py", "migrate", "-v0").ended)
        where = ["--host", HOST, "--port", str(self.port), "--blocking-threads", str(THREADS)]
        granian = ["-m", "granian", "--interface", "wsgi", "--log-level", "warning", *where]
        self._run("web", *granian, "dadashop.wsgi:application")
        self._until("web", lambda: _answers(f"{self.url}/healthz"))
        self._until("sandbox", lambda: _answers(f"{self.sandbox_url}/sandbox/accounts"))

    def stop(self) -> None:
        for child in reversed(self._children.values()):
            child.stop(timeout=5)
        self._valkey.stop()

    def insider(self, *words: str) -> "subprocess.Popen[str]":
        """Starts insider.py, on the product's own data."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.attacks.insider", *words],
            cwd=ROOT,
            env=clean_environment(**self._environment),
            stdout=subprocess.PIPE,
            text=True,
        )

    def told(self, *words: str) -> Any:
        """What an insider prints, once it has ended. Raises CalledProcessError."""
        process = self.insider(*words)
        printed, _ = process.communicate(timeout=120)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, words)
        return json.loads(printed)

    def counts(self) -> dict[str, int]:
        """How many texts each phone (E.164) received."""
        answer = requests.get(f"{self.sandbox_url}/sandbox/messages/counts", timeout=10)
        found: dict[str, int] = answer.json()
        return found

    def texts(self, phones: Iterator[str] | list[str]) -> int:
        counts = self.counts()
        return sum(counts.get(f"+86{phone}", 0) for phone in phones)

    def listed(self, phone: str) -> list[dict[str, str]]:
        """The texts of a phone, newest first."""
        url = f"{self.sandbox_url}/sandbox/messages"
        found: list[dict[str, str]] = requests.get(url, params={"phone": phone}, timeout=10).json()
        return found

    def code(self, phone: str) -> str:
        """In the phone's newest text; "" where it has none."""
        found = [re.search(r"\d{6}", text["text"]) for text in self.listed(phone)[:1]]
        return found[0][0] if found and found[0] else ""

    def fault(self, **fault: Any) -> None:
        url = f"{self.sandbox_url}/sandbox/faults"
        requests.post(url, json=fault, timeout=10).raise_for_status()

    def memory(self) -> float:
        """Of the web's processes, in megabytes."""
        root = psutil.Process(self._children["web"].pid)
        family = [root, *root.children(recursive=True)]
        resident: float = sum(process.memory_info().rss for process in family)
        return resident / 2**20

    def _run(self, name: str, *arguments: str) -> Child:
        variables = clean_environment(**self._environment)
        clean = ["env", "-i", *(f"{key}={value}" for key, value in variables.items())]
        quietly = ["/bin/sh", "-c", f'exec "$@" >>"{self.log(name)}" 2>&1', "quietly"]
        child = self._children[name] = Child([*clean, *quietly, sys.executable, *arguments])
        return child

    def log(self, name: str) -> Path:
        return self.place / f"{name}.log"

    def _until(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            assert time.monotonic() < deadline, f"{name}: {self.log(name).read_text()}"
            time.sleep(0.02)


@contextmanager
def running(
    place: Path, settings: str = "tests.attacks.settings", latency: float = 0.0
) -> Iterator[World]:
    """`latency` (seconds) is the platforms'."""
    world = World(place, settings, latency)
    try:
        world.start()
        yield world
    finally:
        world.stop()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
