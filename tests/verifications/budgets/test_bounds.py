"""Exactly so much as every budget leaves is paid for."""

from itertools import starmap

import pytest

from tests.conftest import Configure
from tests.verifications.budgets.conftest import PRICES, spent
from tests.verifications.conftest import SetBudget
from verifications import budgets, conf

pytestmark = pytest.mark.redis


def test_a_text_costs_the_price_of_its_platform(set_budget: SetBudget) -> None:
    set_budget("", hourly=10, daily=100)
    set_budget("second", daily=100)
    assert budgets.take("first", 3).texts == 3
    assert budgets.take("second", 1, segments=3).texts == 1
    assert budgets.take("nobody knows its price", 1).texts == 1
    assert spent() == [
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
    assert spent() == [("", "hour", "0.1000")]


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
    assert spent() == [("", "hour", "0.0000")]
    assert budgets.take("first", 5, whole=True).texts == 5


def test_amounts_of_any_size_are_exact(set_budget: SetBudget, configure: Configure) -> None:
    configure(PRICES={"first": "9999.9999"})
    set_budget("", daily="99999999.99")
    assert budgets.take("first", 20_000, segments=20).texts == 500
    assert spent() == [("", "day", "99999999.0000")]


def test_every_price_that_the_settings_take_is_exact() -> None:
    assert conf.get().prices == PRICES
    assert list(starmap(budgets._price, [("first", 1), ("second", 2), ("third", 1)])) == [
        100,
        666,
        500,
    ]
