"""The whole product as its users run it: `manage.py runlocal` on free ports and fresh data."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.ports import free_port as free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Product:
    """A running product: its web address, its sandbox's, and what the phones received."""

    url: str
    sandbox_url: str

    def post(self, path: str, body: dict[str, Any], **headers: str) -> requests.Response:
        return requests.post(self.url + path, json=body, headers=headers, timeout=10)

    def texts(self, phone: str) -> list[dict[str, str]]:
        """Newest first."""
        answer = requests.get(
            f"{self.sandbox_url}/sandbox/messages", params={"phone": phone}, timeout=10
        )
        found: list[dict[str, str]] = answer.json()
        return found

    def fault(self, **fault: Any) -> None:
        url = f"{self.sandbox_url}/sandbox/faults"
        requests.post(url, json={"provider": "cloopen", **fault}, timeout=10).raise_for_status()


@dataclass
class Live(Product):
    """All of it in one process tree, that of `runlocal`."""

    process: subprocess.Popen[str]
    data_dir: Path

    def manage(self, *arguments: str, **environment: str) -> None:
        """Runs a command of manage.py beside it, on the same data."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=clean_environment(DADASHOP_DATA_DIR=str(self.data_dir), **environment),
            check=True,
            capture_output=True,
            timeout=60,
        )


def clean_environment(**more: str) -> dict[str, str]:
    """Ours without the settings of the tests, or those that a developer's shell may hold."""
    ours = ("DADASHOP_", "DJANGO_", "REDIS_", "DATABASE_", "CELERY_", "SMS_", "PORT", "SANDBOX_",
            "RECEIPT_", "SERVICE_", "CLOOPEN_", "ALIYUN_", "TENCENT_", "BAIDU_")  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | more


def start(data_dir: Path, **environment: str) -> Live:
    port, sandbox_port = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "runlocal"],
        cwd=ROOT,
        env=clean_environment(
            PORT=str(port),
            SANDBOX_PORT=str(sandbox_port),
            DADASHOP_DATA_DIR=str(data_dir),
            **environment,
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    url, sandbox_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    live = Live(url, sandbox_url, process, data_dir)
    assert process.stdout
    for line in process.stdout:
        if "Ctrl-C" in line:
            return live
    raise AssertionError(f"runlocal ended with {process.wait()}")


def stop(live: Live, with_signal: int = signal.SIGINT) -> int:
    """Its exit code."""
    live.process.send_signal(with_signal)
    live.process.communicate(timeout=20)
    return live.process.returncode


def wait_until_gone(pids: set[int], seconds: float = 10) -> set[int]:
    """Those of `pids` that still run after that long."""
    deadline = time.monotonic() + seconds
    while (left := {pid for pid in pids if _runs(pid)}) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One for all tests of a worker; each test uses phones of its own."""
    running = start(tmp_path_factory.mktemp("live"))
    yield running
    stop(running)
