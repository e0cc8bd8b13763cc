"""Which hours are summed up when, and how long the sums are kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.verifications import texts
from tests.verifications.sums import START
from verifications import rollups
from verifications.models import Hour, HourlyAttempts, HourlyCount

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _keep() -> list[int]:
    """How many hours each call summed up, until nothing was due."""
    return [*iter(rollups.keep, 0)]


def test_what_is_due(at: Callable[[str], None]) -> None:
    texts.write(START - timedelta(hours=9), 1)  # START is noon in Shanghai
    at("2026-01-01T12:30+08:00")
    assert rollups.keep() == 6  # of the ten since the first text
    assert Hour.objects.filter(start__gte=START - timedelta(hours=1)).count() == 2
    assert _keep() == [4]
    at("2026-01-01T12:31+08:00")
    assert _keep() == [2]  # the running hour and the last one
    at("2026-01-01T13:31+08:00")
    assert _keep() == [6, 5]


def test_reports_are_awaited_for_three_days(at: Callable[[str], None]) -> None:
    texts.write(START - timedelta(days=30), 1)
    at("2026-01-01T12:30+08:00")
    assert sum(_keep()) == 72


def test_a_year_is_kept() -> None:
    texts.write(START, 10)
    rollups.roll(START)
    rollups.forget(START + timedelta(days=365))
    assert Hour.objects.exists()
    rollups.forget(START + timedelta(days=365, seconds=1))
    assert not Hour.objects.exists()
    assert not HourlyCount.objects.exists()
    assert not HourlyAttempts.objects.exists()
