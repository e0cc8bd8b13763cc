"""What operators look at that nobody counts: read when /metrics is asked for."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis.exceptions
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Configure
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import Fake
from verifications import breakers, gauges, metrics, scripts
from verifications.exceptions import Unavailable
from verifications.models import Message
from verifications.services import send_code

pytestmark = pytest.mark.database

Samples = dict[str, float]


@pytest.fixture(autouse=True)
def _look_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test makes its own look at the queue."""
    fresh = CollectorRegistry()
    fresh.register(gauges.Gauges())
    monkeypatch.setattr(gauges, "_live", fresh)


def _read() -> Samples:
    """{`name{label=value,...}`: value} of the gauges."""
    return {
        sample.name + ",".join(f" {value}" for _, value in sorted(sample.labels.items())): (
            sample.value
        )
        for family in text_string_to_metric_families(gauges.exposition().decode())
        if family.type == "gauge"
        for sample in family.samples
    }


def test_what_answers_is_up() -> None:
    found = _read()
    assert (found["verifications_redis_up"], found["verifications_database_up"]) == (1, 1)


def test_what_waits(queued_notice: Callable[..., Message]) -> None:
    now = timezone.now()
    queued_notice()
    queued_notice(created_at=now - timedelta(seconds=90))
    queued_notice(due_at=now + timedelta(hours=8))  # of the quiet hours
    queued_notice(status=Message.Status.SENT, created_at=now - timedelta(days=1))
    found = _read()
    assert found["verifications_messages_waiting notice"] == 2
    assert 90 <= found["verifications_oldest_waiting_age_seconds notice"] < 120
    assert found["verifications_messages_waiting code"] == 0
    assert found["verifications_oldest_waiting_age_seconds code"] == 0


def test_the_queue_is_looked_at_every_few_seconds_at_most(
    queued_notice: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(gauges, "time", SimpleNamespace(monotonic=lambda: now))
    assert _read()["verifications_messages_waiting notice"] == 0
    queued_notice()
    assert _read()["verifications_messages_waiting notice"] == 0
    now += 5
    assert _read()["verifications_messages_waiting notice"] == 1


def test_breakers(first: Fake, second: Fake, configure: Configure) -> None:
    for _ in range(5):
        breakers.report("first", ok=False)
    found = _read()
    assert found["verifications_breaker_open first"] == 1
    assert found["verifications_breaker_open second"] == 0


def test_budgets(first: Fake, phone: str, set_budget: SetBudget) -> None:
    set_budget("", hourly="0.20")
    set_budget("first", daily="1.00")
    send_code(phone, "login")
    found = _read()
    assert found["verifications_budget_limit_yuan everyone, hour"] == 0.2
    assert found["verifications_budget_spent_yuan everyone, hour"] == 0.05
    assert found["verifications_budget_full everyone, hour"] == 0
    assert found["verifications_budget_limit_yuan first, day"] == 1
    assert found["verifications_budget_spent_yuan first, day"] == 0.05
    assert not [name for name in found if re.match(r"\w+_(yuan|full) first, hour", name)]


def test_a_budget_that_is_used_up(first: Fake, phone: str, set_budget: SetBudget) -> None:
    set_budget("", hourly="0.09")  # two would not fit
    send_code(phone, "login")
    assert _read()["verifications_budget_full everyone, hour"] == 1


def test_without_a_budget_there_is_none() -> None:
    assert not [name for name in _read() if "yuan" in name]


def test_redis_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> Any:
        raise redis.exceptions.ConnectionError

    monkeypatch.setattr(scripts, "own_connection", gone)
    found = _read()
    assert found["verifications_redis_up"] == 0
    assert found["verifications_database_up"] == 1
    assert not [name for name in found if "breaker" in name or "yuan" in name]


def test_redis_that_goes_while_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> Any:
        raise Unavailable

    monkeypatch.setattr(breakers, "seconds_open", gone)
    found = _read()
    assert found["verifications_redis_up"] == 1
    assert not [name for name in found if "breaker" in name]


def test_the_database_away() -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        found = _read()
    assert found["verifications_database_up"] == 0
    assert found["verifications_redis_up"] == 1
    assert not [name for name in found if "waiting" in name]
    assert "verifications_breaker_open locmem" in found


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))


def test_they_are_there_once_where_processes_count_together(shared: None) -> None:
    assert metrics.registry() is not REGISTRY
    text = gauges.exposition().decode()
    assert text.count("# TYPE verifications_redis_up gauge") == 1
    assert text.count("\nverifications_redis_up 1.0") == 1
