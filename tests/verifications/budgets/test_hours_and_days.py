"""Each hour and each day has money of its own, by the clock of the settings."""

import pytest
from redis import Redis

from tests.conftest import Configure
from tests.verifications.budgets.conftest import At
from tests.verifications.conftest import SetBudget
from verifications import budgets

pytestmark = pytest.mark.redis


def test_who_is_refused_is_told_when_the_full_one_begins_anew(set_budget: SetBudget) -> None:
    set_budget("", hourly="0.01")
    assert budgets.take("first", 2).retry_after == 1800
    set_budget("", hourly="0.01", daily="0.01")
    assert budgets.take("first", 1).retry_after == 11 * 3600 + 1800


def test_each_hour_has_its_own(set_budget: SetBudget, at: At) -> None:
    set_budget("", hourly="0.03", daily="0.05")
    assert budgets.take("first", 9).texts == 3
    at("2026-01-02T12:59:59.999+08:00")
    assert budgets.take("first", 9).texts == 0
    at("2026-01-02T13:00:00+08:00")
    assert budgets.take("first", 9).texts == 2


def test_each_day_has_its_own_by_the_clock_of_the_settings(
    set_budget: SetBudget, at: At, configure: Configure
) -> None:
    set_budget("", daily="0.03")
    at("2026-01-02T15:59:59Z")
    refused = budgets.take("first", 9)
    assert (refused.texts, refused.retry_after) == (3, 1)
    at("2026-01-02T16:00:00Z")
    assert budgets.take("first", 9).texts == 3
    configure(TIME_ZONE="America/New_York")  # where it is the 2nd still
    assert budgets.take("first", 9).texts == 0


def test_an_hour_that_comes_twice_is_two(
    set_budget: SetBudget, at: At, configure: Configure
) -> None:
    configure(TIME_ZONE="America/New_York")
    set_budget("", hourly="0.01", daily="0.03")
    for moment in ("05:30", "06:30"):  # 01:30, and 01:30 again
        at(f"2026-11-01T{moment}:00Z")
        assert budgets.take("first", 2).texts == 1
    assert budgets.take("first", 1).retry_after == 1800
    set_budget("", daily="0.02")
    assert budgets.take("first", 1).retry_after == 22 * 3600 + 1800


def test_a_days_spending_is_kept_three_days(set_budget: SetBudget, redis: Redis) -> None:
    set_budget("", daily=1)
    budgets.take("first", 1)
    (key,) = redis.scan_iter("*")
    assert redis.ttl(key) == 3 * 86_400
