"""What a file may look like, and what is said of one that is wrong."""

import pytest
from django.core.management import CommandError

from tests.verifications.replay_guard.conftest import Printed, Told
from tests.verifications.replay_guard.past import ELSEWHERE, HEADER, NINE, attack, shoppers
from verifications.traffic import SHOPPER

pytestmark = pytest.mark.redis


def test_a_file_need_not_be_sorted(told: Told) -> None:
    rows = attack(10) + shoppers(4, ELSEWHERE)
    assert told(rows) == told(rows[::-1])


def test_without_the_truth_nothing_is_said_of_precision(told: Told, printed: Printed) -> None:
    rows = [row.rpartition(",")[0] for row in attack(5) + shoppers(1)]
    header = HEADER.rpartition(",")[0]
    answer = told(rows, header=header)
    assert {name: part["texts"] for name, part in answer["parts"].items()} == {
        SHOPPER: 1,
        "unverified": 5,
    }
    assert "recall" not in answer
    assert "precision" not in printed(rows, header=header)


def test_an_empty_file(told: Told, printed: Printed) -> None:
    assert told([])["parts"] == {}
    assert "Shoppers who got no text: 0" in printed([])


def test_a_bad_file_is_refused_before_anything(told: Told) -> None:
    with pytest.raises(CommandError) as refusal:
        told([*attack(3), f"{NINE},here,13800138000,0,1", f"{NINE},,1380013800012,0,1"])
    assert str(refusal.value).splitlines() == [
        "line 5: address: an IPv4 or IPv6 address is expected, or none",
        "line 6: phone: 138****0012: invalid_phone",
        "Nothing was replayed.",
    ]


def test_of_many_bad_rows_the_first_are_told(told: Told) -> None:
    with pytest.raises(CommandError, match=r"line 21: .*\n\.\.\. and 5 more\nNothing was replayed"):
        told(["x"] * 25)
