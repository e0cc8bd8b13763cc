"""What operators count."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from tests.conftest import Configure
from tests.live import ROOT, clean_environment
from tests.verifications.platforms import Fake
from verifications import arrivals
from verifications.exceptions import RateLimited
from verifications.gauges import exposition
from verifications.metrics import SENDS
from verifications.providers import Receipt
from verifications.services import send_code

_WORKER = "from verifications.metrics import SENDS; SENDS.labels('login', 'ok').inc()"
_SCRAPED = (
    "from prometheus_client import generate_latest; from verifications.metrics import registry;"
    "print(generate_latest(registry()).decode())"
)


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


def _count(sample: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(sample, labels) or 0


def test_what_became_of_texts_is_counted(first: Fake, phone: str) -> None:
    def counted() -> list[float]:
        return [
            _count("verifications_messages_total", kind="code", status="sent"),
            _count("verifications_messages_total", kind="code", status="delivered"),
            _count("verifications_receipts_total", provider="first", outcome="delivered"),
            _count("verifications_receipts_total", provider="first", outcome="duplicate"),
            _count("verifications_receipts_total", provider="first", outcome="unknown"),
            _count(
                "verifications_provider_duration_seconds_count", provider="first", outcome="sent"
            ),
            _count("verifications_delivery_duration_seconds_count", kind="code", provider="first"),
        ]

    before = counted()
    send_code(phone, "login")
    known = Receipt("", first.texts[0].request_id, f"+86{phone}", True, "DELIVRD")
    unknown = Receipt("x", "", f"+86{phone}", True, "DELIVRD")
    arrivals.apply("first", [known, known, unknown])
    assert [now - then for now, then in zip(counted(), before, strict=True)] == [1] * 7
