"""`manage.py runlocal`: everything starts, answers, and is gone afterwards."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests

from dadashop.embedded import EmbeddedValkey
from tests.live import ROOT, Live, clean_environment, free_port, start, stop, wait_until_gone

pytestmark = pytest.mark.live


def _family(live: Live) -> set[int]:
    """The pids of all that it started, and its own."""
    process = psutil.Process(live.process.pid)
    return {process.pid, *(child.pid for child in process.children(recursive=True))}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(how: signal.Signals, tmp_path: Path) -> None:
    live = start(tmp_path)
    family = _family(live)
    assert len(family) >= 4  # itself, Valkey, the sandbox, the web server
    code = stop(live, how)
    assert code == (-9 if how is signal.SIGKILL else 0)
    assert wait_until_gone(family) == set()
    for url in (live.url, live.sandbox_url):
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=2)
    place = EmbeddedValkey(tmp_path).socket.parent
    if how is signal.SIGKILL:
        shutil.rmtree(place)  # empty, and used again by the next run
    assert not place.exists()


def test_data_is_kept_between_two_runs(tmp_path: Path) -> None:
    first = start(tmp_path)
    sent = first.post("/v1/verifications/codes", {"phone": "13911110000", "purpose": "login"})
    code = first.texts("13911110000")[0]["text"].split("验证码是")[1][:6]
    stop(first)
    second = start(tmp_path)
    body = {"phone": "13911110000", "purpose": "login", "code": code}
    verified = second.post("/v1/verifications/verify", body)
    stop(second)
    assert (sent.status_code, verified.status_code) == (202, 200)


def test_nothing_but_its_two_ports_listens(tmp_path: Path) -> None:
    live = start(tmp_path)
    listening = {
        connection.laddr.port
        for pid in _family(live)
        for connection in psutil.Process(pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    stop(live)
    assert listening == {int(url.rpartition(":")[2]) for url in (live.url, live.sandbox_url)}


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "manage.py", "runlocal"],
            cwd=ROOT,
            env=clean_environment(
                PORT=str(port), SANDBOX_PORT=str(free_port()), DADASHOP_DATA_DIR=str(tmp_path)
            ),
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert run.returncode == 1
    assert f"Port {port} is taken" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("part", ["sandbox", "granian", "valkey"])
def test_a_part_that_dies_ends_the_whole(part: str, tmp_path: Path) -> None:
    live = start(tmp_path)
    family = _family(live)
    commands = {pid: " ".join(psutil.Process(pid).cmdline()[:3]) for pid in family}
    os.kill(min(pid for pid, command in commands.items() if part in command), signal.SIGKILL)
    live.process.communicate(timeout=20)
    assert live.process.returncode == 1
    assert wait_until_gone(family) == set()
    assert not EmbeddedValkey(tmp_path).socket.parent.exists()


@pytest.mark.parametrize("milliseconds", [0, 5, 50, 200])
def test_an_impatient_second_ctrl_c_leaves_nothing_either(
    milliseconds: int, tmp_path: Path
) -> None:
    live = start(tmp_path)
    family = _family(live)
    live.process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        live.process.wait(milliseconds / 1000)
    live.process.send_signal(signal.SIGINT)
    live.process.communicate(timeout=20)
    assert wait_until_gone(family) == set()
    shutil.rmtree(EmbeddedValkey(tmp_path).socket.parent, ignore_errors=True)


def test_a_script_that_ignores_ctrl_c_can_end_it_so(tmp_path: Path) -> None:
    """`make run &` in a script inherits that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        live = start(tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    assert stop(live, signal.SIGINT) == 0
