"""What operators count."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Configure
from tests.live import ROOT, clean_environment
from verifications.exceptions import RateLimited
from verifications.metrics import SENDS, exposition
from verifications.services import send_code

_WORKER = "from verifications.metrics import SENDS; SENDS.labels('login', 'ok').inc()"
_SCRAPED = "from verifications.metrics import exposition; print(exposition().decode())"


def test_a_count_is_exposed() -> None:
    SENDS.labels("login", "ok").inc()
    assert b'verifications_sends_total{outcome="ok",purpose="login"}' in exposition()


def test_workers_count_together(tmp_path: Path) -> None:
    def run(source: str) -> str:
        environment = clean_environment(PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
        command = [sys.executable, "-c", source]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    for _ in range(2):
        run(_WORKER)
    assert 'verifications_sends_total{outcome="ok",purpose="login"} 2.0' in run(_SCRAPED)


def test_a_quota_that_refuses_is_named(configure: Configure, new_phone: Callable[[], str]) -> None:
    configure(GLOBAL_LIMITS=[[1, 3600]])
    send_code(new_phone(), "pickup")
    with pytest.raises(RateLimited):
        send_code(new_phone(), "pickup")
    counted = b'verifications_sends_total{outcome="rate_limited_global",purpose="pickup"} '
    assert counted in exposition()
