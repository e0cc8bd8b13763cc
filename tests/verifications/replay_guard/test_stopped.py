"""Whom the guard would have stopped, where, and what for."""

import pytest

from tests.conftest import Configure
from tests.verifications.replay_guard.conftest import Told
from tests.verifications.replay_guard.past import HERE, NINE, attack, shoppers
from verifications.traffic import SHOPPER

pytestmark = pytest.mark.redis


def test_who_does_not_solve_goes_no_further_than_the_bound(told: Told) -> None:
    answer = told(attack(10))
    counts = {"texts": 10, "sent": 3, "asked": 7, "unsolved": 7, "listed": 0, "limit": 0, "own": 0}
    assert answer["parts"] == {"attack": counts}
    first = "2026-06-18 09:00:03"
    assert answer["stopped"] == [
        {"kind": "address", "name": HERE, "asked": 7, "refused": 0, "first": first}
    ]
    assert (answer["recall"], answer["precision"]) == (0.7, 1.0)


def test_who_solves_is_refused_at_twice_the_bound(told: Told) -> None:
    answer = told(attack(10), "--attacker-solves")
    counts = answer["parts"]["attack"]
    assert (counts["sent"], counts["asked"], counts["unsolved"], counts["limit"]) == (6, 3, 0, 4)
    (cause,) = answer["stopped"]
    assert (cause["asked"], cause["refused"]) == (3, 4)
    assert answer["recall"] == 0.4


def test_hours_pass_between_texts(told: Told) -> None:
    assert told(attack(10, every=3900 // 3))["parts"]["attack"]["sent"] == 10
    assert told(attack(10, every=600))["parts"]["attack"]["sent"] < 10


def test_the_phones_own_limits_are_counted_apart(told: Told) -> None:
    answer = told(
        [f"{NINE},{HERE},13800138000,0,bomber", f"{NINE + 9},{HERE},13800138000,0,bomber"]
    )
    assert answer["parts"]["bomber"]["own"] == 1
    assert (answer["recall"], answer["precision"]) == (0.5, 0.0)
    assert answer["stopped"] == []


def test_segments_and_countries(told: Told, configure: Configure) -> None:
    configure(
        GUARD_BOUNDS={"prefix": [2, 1.0], "country": [3, 1.0]}, ALLOWED_COUNTRIES=["CN", "HK"]
    )
    mainland = [f"{NINE + n},,1380013800{n},0,1" for n in range(6)]
    hongkong = [f"{NINE + n},,+852510{n}4567,0,1" for n in range(1, 9)]
    causes = told(mainland, "--attacker-solves", "--bound", "country=off")["stopped"]
    assert [(cause["kind"], cause["name"]) for cause in causes] == [("segment", "1380013****")]
    (cause,) = told(hongkong, "--attacker-solves")["stopped"]
    first = "2026-06-18 09:00:04"
    assert cause == {"kind": "country", "name": "HK", "asked": 3, "refused": 2, "first": first}


def test_an_hour_may_just_be_busy(told: Told) -> None:
    answer = told(attack(5), "--bound", "ip=off", "--captcha-above", "ip=4")
    assert [(cause["kind"], cause["asked"]) for cause in answer["stopped"]] == [("busy", 1)]


def test_a_captcha_for_everyone_accuses_nobody(told: Told, configure: Configure) -> None:
    configure(CAPTCHA="always")
    answer = told(shoppers(2))
    assert answer["parts"][SHOPPER]["asked"] == 2
    assert answer["stopped"] == []


def test_a_plain_quota_is_a_limit_too(told: Told, configure: Configure) -> None:
    configure(GUARD_BOUNDS={}, GLOBAL_LIMITS=[[2, 3600]])
    (cause,) = told(attack(3))["stopped"]
    assert (cause["kind"], cause["refused"]) == ("global", 1)
