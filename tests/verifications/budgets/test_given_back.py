"""What was not spent after all goes back to where it came from."""

import pytest
from redis import Redis

from tests.verifications.budgets.conftest import At, spent
from tests.verifications.conftest import SetBudget
from verifications import budgets

pytestmark = pytest.mark.redis


def test_what_was_not_taken_is_given_back_to_the_hour_it_came_from(
    set_budget: SetBudget, at: At, redis: Redis
) -> None:
    set_budget("", hourly="0.05", daily=1)
    set_budget("first", hourly="0.05")
    bought = budgets.take("first", 5)
    at("2026-01-02T13:00:00+08:00")
    budgets.take("first", 2)
    budgets.give_back(bought, 4)
    expected = [("", "hour", "0.0200"), ("", "day", "0.0300"), ("first", "hour", "0.0200")]
    assert spent() == expected
    at("2026-01-02T12:59:00+08:00")
    assert spent()[0] == ("", "hour", "0.0100")


def test_nothing_is_given_back_to_a_day_that_redis_has_lost(
    set_budget: SetBudget, redis: Redis
) -> None:
    set_budget("", daily=1)
    bought = budgets.take("first", 5)
    redis.flushdb()
    budgets.give_back(bought, 5)
    assert spent() == [("", "day", "0.0000")]
    assert not redis.keys("*")
