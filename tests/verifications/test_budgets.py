"""What texts may cost: exactly so much an hour and a day, whoever spends it and however many."""

import logging
import multiprocessing
from collections.abc import Callable
from decimal import Decimal
from itertools import starmap
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY
from redis import Redis

from tests.conftest import Configure
from tests.verifications.conftest import SetBudget
from tests.verifications.racing import race
from verifications import budgets, conf, rules, scripts
from verifications.exceptions import RateLimited
from verifications.services import send_code

pytestmark = pytest.mark.redis

At = Callable[[str], None]
PRICES = {"first": "0.01", "second": "0.0333", "free": "0"}


@pytest.fixture(autouse=True)
def _at_half_past_noon(at: At, configure: Configure) -> None:
    at("2026-01-02T12:30:00+08:00")
    configure(PRICES=PRICES)


def _spent() -> list[tuple[str, str, str]]:
    return [(one.scope, one.window, f"{one.spent:.4f}") for one in budgets.spent()]


def test_a_text_costs_the_price_of_its_platform(set_budget: SetBudget) -> None:
    set_budget("", hourly=10, daily=100)
    set_budget("second", daily=100)
    assert budgets.take("first", 3).texts == 3
    assert budgets.take("second", 1, segments=3).texts == 1
    assert budgets.take("nobody knows its price", 1).texts == 1
    assert _spent() == [
        ("", "hour", "0.1799"),
        ("", "day", "0.1799"),
        ("second", "day", "0.0999"),
    ]


def test_none_is_passed(set_budget: SetBudget) -> None:
    set_budget("", hourly="0.10")
    assert budgets.take("first", 9).texts == 9
    assert budgets.take("second", 1).texts == 0
    assert budgets.take("first", 9).texts == 1
    assert budgets.take("first", 1).texts == 0
    assert _spent() == [("", "hour", "0.1000")]


def test_the_tightest_of_them_binds(set_budget: SetBudget) -> None:
    set_budget("", hourly=1, daily="0.50")
    set_budget("first", hourly="0.03")
    assert budgets.take("first", 9).texts == 3
    assert budgets.take("second", 99).texts == 14
    assert budgets.take("first", 1).texts == 0


def test_a_budget_of_nothing_stops_everything_but_what_is_free(set_budget: SetBudget) -> None:
    set_budget("", daily=0)
    assert budgets.take("first", 1).texts == 0
    assert budgets.take("free", 1).texts == 1


def test_all_or_none(set_budget: SetBudget) -> None:
    set_budget("", hourly="0.05")
    assert budgets.take("first", 6, whole=True).texts == 0
    assert _spent() == [("", "hour", "0.0000")]
    assert budgets.take("first", 5, whole=True).texts == 5


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
    assert _spent() == expected
    at("2026-01-02T12:59:00+08:00")
    assert _spent()[0] == ("", "hour", "0.0100")


def test_nothing_is_given_back_to_a_day_that_redis_has_lost(
    set_budget: SetBudget, redis: Redis
) -> None:
    set_budget("", daily=1)
    bought = budgets.take("first", 5)
    redis.flushdb()
    budgets.give_back(bought, 5)
    assert _spent() == [("", "day", "0.0000")]
    assert not redis.keys("*")


def test_a_days_spending_is_kept_three_days(set_budget: SetBudget, redis: Redis) -> None:
    set_budget("", daily=1)
    budgets.take("first", 1)
    (key,) = redis.scan_iter("*")
    assert redis.ttl(key) == 3 * 86_400


def test_amounts_of_any_size_are_exact(set_budget: SetBudget, configure: Configure) -> None:
    configure(PRICES={"first": "9999.9999"})
    set_budget("", daily="99999999.99")
    assert budgets.take("first", 20_000, segments=20).texts == 500
    assert _spent() == [("", "day", "99999999.0000")]


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_pass_it_together(set_budget: SetBudget) -> None:
    set_budget("", hourly="0.50", daily=1)
    bought = race(20, lambda _: [budgets.take("first", 4) for _ in range(5)])
    assert sum(one.texts for some in bought for one in some) == 50
    assert _spent()[0] == ("", "hour", "0.5000")


def _buy_and_return(_: int) -> tuple[int, int, int]:
    """Of a process of its own: (texts paid for and kept, warnings, errors)."""
    told: list[int] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.levelno)  # type: ignore[method-assign]
    budgets.logger.addHandler(handler)
    kept = 0
    for _ in range(50):
        bought = budgets.take("first", 3)
        budgets.give_back(bought, bought.texts // 3)
        kept += bought.texts - bought.texts // 3
    return kept, told.count(logging.WARNING), told.count(logging.ERROR)


def test_processes_do_not_pass_it_together_and_one_tells(
    set_budget: SetBudget, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_budget("", hourly="2.00")
    known = rules.get()
    monkeypatch.setattr(rules, "get", lambda: known)  # no child may use our database connection
    with multiprocessing.get_context("fork").Pool(4) as pool:
        answers = pool.map(_buy_and_return, range(4), chunksize=1)
    kept, warnings, errors = map(sum, zip(*answers, strict=True))
    assert (kept, warnings, errors) == (200, 1, 1)
    assert _spent() == [("", "hour", "2.0000")]


def _told(caplog: pytest.LogCaptureFixture) -> list[str]:
    told = [message for message in caplog.messages if message.startswith("budget")]
    caplog.clear()
    return told


def test_it_is_told_once_at_80_and_once_at_100_percent(
    set_budget: SetBudget, caplog: pytest.LogCaptureFixture, at: At
) -> None:
    set_budget("", hourly="0.10")
    set_budget("first", daily="0.20")
    budgets.take("first", 7)
    assert _told(caplog) == []
    budgets.take("first", 1)
    assert _told(caplog) == ["budget of everyone: 80 % of this hour's 0.10 yuan are spent"]
    budgets.take("first", 1)
    assert _told(caplog) == []
    budgets.take("first", 1)
    assert _told(caplog) == ["budget of everyone: all of this hour's 0.10 yuan are spent"]
    budgets.take("first", 1)
    assert _told(caplog) == []
    at("2026-01-02T13:00:00+08:00")
    budgets.take("first", 10)
    assert _told(caplog) == [
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
    assert len(_told(caplog)) == 2


def test_a_raised_budget_is_told_anew(
    set_budget: SetBudget, caplog: pytest.LogCaptureFixture
) -> None:
    set_budget("", hourly="0.10")
    budgets.take("first", 10)
    _told(caplog)
    set_budget("", hourly="0.20")
    budgets.take("first", 5)
    assert _told(caplog) == []
    budgets.take("first", 1)
    assert _told(caplog) == ["budget of everyone: 80 % of this hour's 0.20 yuan are spent"]


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


def test_where_none_is_set_redis_is_not_asked(phone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run, asked = scripts.run, []

    def listen(name: str, *rest: Any, **more: Any) -> Any:
        asked.append(name)
        return run(name, *rest, **more)

    monkeypatch.setattr(scripts, "run", listen)
    budgets.check_open()
    assert budgets.wait(["first"]) == 0
    assert budgets.spent() == []
    assert send_code(phone, "login").status == "sent"
    assert not {"spend", "unspend", "spent"} & {*asked}


def test_the_door_is_shut_while_no_platform_could_be_paid(
    set_budget: SetBudget, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(PROVIDERS={}, PROVIDER_ORDER=["first", "second:3"])
    set_budget("", hourly="0.10")
    set_budget("second", daily=0)
    budgets.take("first", 9)
    budgets.check_open()
    budgets.take("first", 1)
    budgets._seen.clear()
    with pytest.raises(RateLimited) as refusal:
        budgets.check_open()
    assert (refusal.value.extras, refusal.value.retry_after) == ({"limit": "global"}, 1800)
    configure(ROUTES={"US": ["free"]})
    budgets.check_open()


def test_a_look_is_believed_for_a_second(
    set_budget: SetBudget, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(budgets, "time", SimpleNamespace(monotonic=lambda: now))
    set_budget("", hourly="0.01")
    assert budgets.wait(["first"]) == 0
    budgets.take("first", 1)
    assert budgets.wait(["first"]) == 0
    now += 1.1
    assert budgets.wait(["first"]) == 1800


def test_what_is_spent_is_told_in_yuan(set_budget: SetBudget) -> None:
    set_budget("first", hourly="1.50")
    budgets.take("first", 149)
    told = budgets.Spending("first", "hour", Decimal("1.49"), Decimal("1.50"), full=False)
    assert budgets.spent() == [told]
    budgets.take("first", 1)
    assert budgets.spent() == [told._replace(spent=Decimal("1.50"), full=True)]


def test_everyones_is_full_when_not_even_the_cheapest_fits(
    set_budget: SetBudget, configure: Configure
) -> None:
    configure(PROVIDERS={}, PROVIDER_ORDER=["second", "first"])
    set_budget("", daily="0.10")
    budgets.take("first", 9)
    assert not budgets.spent()[0].full
    budgets.take("first", 1)
    assert budgets.spent()[0].full


def test_every_price_that_the_settings_take_is_exact() -> None:
    assert conf.get().prices == PRICES
    assert list(starmap(budgets._price, [("first", 1), ("second", 2), ("third", 1)])) == [
        100,
        666,
        500,
    ]
