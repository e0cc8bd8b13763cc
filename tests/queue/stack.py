"""The product with a queue, as processes: the web, workers of codes and of notices, and beat."""

import os
import re
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

import requests

from dadashop.embedded import EmbeddedValkey
from dadashop.processes import Child
from tests.live import ROOT, Product, clean_environment, free_port
from tests.queue.brokers import Broker
from tests.until import until

_SECRET = "the-secret-of-these-tests"


def command_of(unit: str) -> list[str]:
    """What systemd would start, as arguments to this Python."""
    text = (ROOT / f"deploy/systemd/dadashop-{unit}.service").read_text()
    (line,) = re.findall("^ExecStart=(.*)$", text, re.MULTILINE)
    program, *arguments = shlex.split(line)
    return ["-m", Path(program).name, *arguments]


PARTS = {name: command_of(name) for name in ("worker-codes", "worker-notices", "beat")}


class Stack(Product):
    """Runs from start() to stop(); any of PARTS may be ended and started between."""

    def __init__(self, place: Path, broker: Broker) -> None:
        port, sandbox_port = free_port(), free_port()
        metrics = place / "metrics"
        metrics.mkdir()
        super().__init__(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}")
        self.broker = broker
        self.valkey = EmbeddedValkey(place)
        self.log = place / "log"
        self._ports = port, sandbox_port
        self._children: dict[str, Child] = {}
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "tests.queue.settings",
            "DADASHOP_DATA_DIR": str(place),
            "CELERY_BROKER_URL": broker.url,
            "SANDBOX_URL": self.sandbox_url,
            "RECEIPT_SECRET": _SECRET,
            "SERVICE_KEYS": _SECRET,
            "DADASHOP_LOG_FORMAT": "json",
            "CELERY_QUIET": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        }

    def start(self) -> None:
        self.environment["REDIS_URL"] = f"unix://{self.valkey.ensure_running()}"
        port, sandbox_port = map(str, self._ports)
        receipts = f"{self.url}/v1/receipts/{{provider}}/{_SECRET}"
        self._run("sandbox", "-m", "sandbox", "--port", sandbox_port, "--receipts-to", receipts)
        migrate = self._run("migrate", "manage.py", "migrate", "--verbosity", "0")
        until(migrate.ended)
        where = ["--host", "127.0.0.1", "--port", port, "--blocking-threads", "4"]
        granian = ["-m", "granian", "--interface", "wsgi", "--log-config", "dadashop/granian.json"]
        self._run("web", *granian, *where, "dadashop.wsgi:application")
        self.run(*PARTS)
        until(self.answers)

    def stop(self) -> None:
        for name in [*self._children]:
            self.end(name)
        self.valkey.stop()

    def run(self, *parts: str, app: str = "dadashop") -> None:
        """`app` is what the workers run, as `celery -A` takes it."""
        for part in parts:
            self._run(part, *(app if word == "dadashop" else word for word in PARTS[part]))

    def end(self, *parts: str, kill: bool = False) -> None:
        for part in parts:
            child = self._children.pop(part)
            if kill:
                os.kill(child.pid, signal.SIGKILL)
            child.stop(timeout=20)

    def answers(self) -> bool:
        try:
            return requests.get(self.url + "/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def post(self, path: str, body: dict[str, Any], **headers: str) -> requests.Response:
        """Its answer tells the request's id."""
        return super().post(path, body, **{"X-Request-ID": "wanted", **headers})

    def send(self, phone: str) -> requests.Response:
        return self.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})

    def status(self, code_id: str) -> str:
        answer = requests.get(f"{self.url}/v1/verifications/codes/{code_id}", timeout=10)
        return str(answer.json()["status"])

    def notify(self, phones: list[str], **params: str) -> requests.Response:
        params = {"order": "D1001", "company": "顺丰", "number": "SF1"} | params
        body = {"template": "shipped", "to": phones, "params": params}
        return self.post("/v1/notices", body, Authorization=f"Bearer {_SECRET}")

    def counts(self) -> dict[str, int]:
        """How many texts each phone (E.164) received."""
        answer = requests.get(f"{self.sandbox_url}/sandbox/messages/counts", timeout=10)
        found: dict[str, int] = answer.json()
        return found

    def _run(self, name: str, *arguments: str) -> Child:
        environment = clean_environment(**self.environment)
        clean = ["env", "-i", *(f"{key}={value}" for key, value in environment.items())]
        quietly = ["/bin/sh", "-c", f'exec "$@" >>"{self.log}" 2>&1', "quietly"]
        child = Child([*clean, *quietly, sys.executable, *arguments])
        self._children[name] = child
        return child
