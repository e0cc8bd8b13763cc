"""What Redis counted of an hour is summed up with its texts, and never falls."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.verifications.sums import START, counted
from verifications import rollups, tally
from verifications.exceptions import Unavailable

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Travel = Callable[[float], None]


@pytest.fixture
def this_hour(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Its start; it does not end while the test runs."""
    monkeypatch.setattr(tally, "time", SimpleNamespace(time=lambda: START.timestamp() + 1800))
    return START


def test_what_redis_counted_is_kept_when_redis_forgets(
    redis: Any, travel: Travel, this_hour: datetime
) -> None:
    for _ in range(3):
        tally.add("send_code", "login", "ok")
    tally.add("verify_code", "login", "code_incorrect")
    tally.flush()
    rollups.roll(this_hour)
    assert counted("send_code") == {("login", "ok"): 3}
    redis.flushdb()
    tally.add("send_code", "login", "ok")
    tally.add("send_code", "pickup", "cooldown")
    tally.flush()
    travel(1)
    rollups.roll(this_hour)
    assert counted("send_code") == {("login", "ok"): 3, ("pickup", "cooldown"): 1}
    assert counted("verify_code") == {("login", "code_incorrect"): 1}


def test_redis_away_takes_nothing_back(
    monkeypatch: pytest.MonkeyPatch, travel: Travel, this_hour: datetime
) -> None:
    tally.add("send_code", "login", "ok")
    tally.flush()
    rollups.roll(this_hour)

    def away(hour: int) -> Any:
        raise Unavailable

    monkeypatch.setattr(tally, "read", away)
    travel(1)
    assert rollups.roll(this_hour)
    assert counted("send_code") == {("login", "ok"): 1}


def test_with_no_text_the_refused_are_summed_up() -> None:
    tally.add("send_code", "other", "unknown_purpose")
    tally.flush()
    assert rollups.keep() == 2
    assert counted("send_code") == {("other", "unknown_purpose"): 1}
