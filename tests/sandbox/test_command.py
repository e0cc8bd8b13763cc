"""`python -m sandbox` as a process: one line, the URL in it, and a clean end."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sandbox.__main__ import main
from tests.sandbox.client import TIMEOUT

ROOT = Path(__file__).parents[2]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "sandbox", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_cleanly(number: signal.Signals) -> None:
    with running() as (process, line):
        url = line.removeprefix("Sandbox listening on ").strip()
        with requests.Session() as session:
            session.trust_env = False
            assert session.get(f"{url}/sandbox/faults", timeout=TIMEOUT).json() == []
            process.send_signal(number)
            assert process.communicate(timeout=5) == ("", "")
    assert process.returncode == 0


def test_signals_that_interrupt_one_another_end_it() -> None:
    with running() as (process, _):
        for _ in range(300):
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) is not None


def test_receipts_to() -> None:
    with running("--receipts-to", "http://127.0.0.1:1/{provider}") as (_, line):
        url = line.removeprefix("Sandbox listening on ").strip()
        with requests.Session() as session:
            session.trust_env = False
            told = session.get(f"{url}/sandbox/receipts", timeout=TIMEOUT).json()
    assert told["targets"]["cloopen"] == "http://127.0.0.1:1/cloopen"


@pytest.mark.parametrize(
    "arguments",
    [["--port", "0", "--receipts-to", "http://example.com/"], ["--port", "99999"]],
)
def test_cannot_start(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("sandbox: ")
