"""That a budget is nearly spent, and that it is, is told once each."""

import pytest
from prometheus_client import REGISTRY

from tests.verifications.budgets.conftest import At, told
from tests.verifications.conftest import SetBudget
from verifications import budgets

pytestmark = pytest.mark.redis


def test_it_is_told_once_at_80_and_once_at_100_percent(
    set_budget: SetBudget, caplog: pytest.LogCaptureFixture, at: At
) -> None:
    set_budget("", hourly="0.10")
    set_budget("first", daily="0.20")
    budgets.take("first", 7)
    assert told(caplog) == []
    budgets.take("first", 1)
    assert told(caplog) == ["budget of everyone: 80 % of this hour's 0.10 yuan are spent"]
    budgets.take("first", 1)
    assert told(caplog) == []
    budgets.take("first", 1)
    assert told(caplog) == ["budget of everyone: all of this hour's 0.10 yuan are spent"]
    budgets.take("first", 1)
    assert told(caplog) == []
    at("2026-01-02T13:00:00+08:00")
    budgets.take("first", 10)
    assert told(caplog) == [
        "budget of everyone: 80 % of this hour's 0.10 yuan are spent",
        "budget of everyone: all of this hour's 0.10 yuan are spent",
        "budget of first: 80 % of this day's 0.20 yuan are spent",
        "budget of first: all of this day's 0.20 yuan are spent",
    ]


def test_it_is_full_as_soon_as_no_text_fits(
    set_budget: SetBudget, caplog: pytest.LogCaptureFixture
) -> None:
    set_budget("", hourly="0.10")
    budgets.take("second", 3)
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]


def test_money_given_back_is_no_reason_to_tell_it_again(
    set_budget: SetBudget, caplog: pytest.LogCaptureFixture
) -> None:
    set_budget("", hourly="0.10")
    for _ in range(3):
        budgets.give_back(budgets.take("first", 10), 10)
    assert len(told(caplog)) == 2


def test_a_raised_budget_is_told_anew(
    set_budget: SetBudget, caplog: pytest.LogCaptureFixture
) -> None:
    set_budget("", hourly="0.10")
    budgets.take("first", 10)
    told(caplog)
    set_budget("", hourly="0.20")
    budgets.take("first", 5)
    assert told(caplog) == []
    budgets.take("first", 1)
    assert told(caplog) == ["budget of everyone: 80 % of this hour's 0.20 yuan are spent"]


def test_what_is_told_is_counted(set_budget: SetBudget) -> None:
    def counted(event: str) -> float:
        labels = {"scope": "first", "window": "day", "event": event}
        return REGISTRY.get_sample_value("verifications_budget_events_total", labels) or 0

    before = counted("warning"), counted("full")
    set_budget("first", daily="0.10")
    budgets.take("first", 8)
    assert (counted("warning"), counted("full")) == (before[0] + 1, before[1])
    budgets.take("first", 8)
    assert (counted("warning"), counted("full")) == (before[0] + 1, before[1] + 1)
