"""Shoppers who verify pass, and those whom it would have hurt are told."""

import pytest

from tests.verifications.replay_guard.conftest import Told
from tests.verifications.replay_guard.past import HERE, NINE, attack, shoppers
from verifications.traffic import SHOPPER

pytestmark = pytest.mark.redis


def test_shoppers_who_verify_are_let_through(told: Told) -> None:
    """Though the bound is passed by far; their codes count, at the time they are typed in."""
    answer = told(shoppers(30))
    assert answer["parts"][SHOPPER]["sent"] == 30
    assert answer["stopped"] == answer["shoppers"] == []


def test_codes_that_are_not_typed_in_yet_do_not_count(told: Told) -> None:
    rows = [row.replace(row.split(",")[0], f"{NINE}.{n}") for n, row in enumerate(shoppers(5))]
    assert told(rows)["parts"][SHOPPER]["asked"] == 2


def test_a_shopper_behind_the_same_address_solves_and_in_the_end_is_hurt(told: Told) -> None:
    solving = told(attack(5) + shoppers(1, start=NINE + 60))
    assert solving["parts"][SHOPPER]["asked"] == solving["parts"][SHOPPER]["sent"] == 1
    refused = told(attack(9) + shoppers(1, start=NINE + 60), "--attacker-solves")
    hurt = {"time": "2026-06-18 09:01:00", "address": HERE, "phone": "131****0000", "by": "limit"}
    assert refused["shoppers"] == [hurt]
    assert refused["precision"] == 0.75


def test_a_row_that_says_verified_twice(told: Told) -> None:
    rows = [f"{NINE},{HERE},13800138000,1,0", f"{NINE + 70},{HERE},13800138000,1,0"]
    assert told(rows)["parts"][SHOPPER]["sent"] == 2
