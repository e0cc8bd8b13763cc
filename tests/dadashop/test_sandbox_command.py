"""`manage.py sandbox`: the platforms alone, until a signal ends them."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.live import ROOT, clean_environment, free_port


@contextmanager
def _running(port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the first line it says."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "sandbox", "--port", str(port)],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_on_its_port_and_ends_on_a_signal(how: signal.Signals) -> None:
    port = free_port()
    with _running(port) as (process, line):
        assert line == f"Sandbox listening on http://127.0.0.1:{port}\n"
        url = f"http://127.0.0.1:{port}/sandbox/messages"
        assert requests.get(url, timeout=10).json() == []
        process.send_signal(how)
        assert process.communicate(timeout=20) == ("", "")
        assert process.returncode == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)


def test_port_0_is_any_free_one() -> None:
    with _running(0) as (_, line):
        url = line.removeprefix("Sandbox listening on ").strip()
        assert requests.get(f"{url}/sandbox/accounts", timeout=10).status_code == 200


def test_a_taken_port_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _running(port) as (process, _):
            _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert said.startswith("sandbox: ")
    assert "Traceback" not in said
