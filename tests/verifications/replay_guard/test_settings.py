"""Other bounds are tried by options; what an operator listed is in force."""

import pytest
from django.core.management import CommandError
from redis import Redis

from tests.verifications.replay_guard.conftest import Told
from tests.verifications.replay_guard.past import HERE, NINE, attack, phones, shoppers
from verifications import conf, rules
from verifications.models import ListEntry

pytestmark = pytest.mark.redis


def test_settings_to_try(told: Told) -> None:
    assert told(attack(10), "--bound", "ip=5:1")["parts"]["attack"]["sent"] == 5
    assert told(attack(10), "--bound", "ip=off")["parts"]["attack"]["sent"] == 10
    assert told(attack(10), "--captcha-above", "ip=2")["parts"]["attack"]["sent"] == 2
    assert told(attack(10, every=60), "--window", "60")["parts"]["attack"]["sent"] == 10


def test_the_share_of_the_verified_ones(told: Told) -> None:
    rows = shoppers(10) + [
        f"{NINE + 900 + number},{HERE},{phone},0,1"
        for number, phone in zip(range(10), phones(), strict=False)
    ]
    assert told(rows)["parts"]["attack"]["sent"] == 10
    assert told(rows, "--bound", "ip=3:0.5")["parts"]["attack"]["sent"] == 5


@pytest.mark.parametrize(
    ("what", "value", "parts"),
    [
        ("address", HERE, {"listed": 0, "sent": 10}),
        ("phone", "13100000000", {"listed": 0, "sent": 4}),
    ],
)
def test_whom_an_operator_allowed(what: str, value: str, parts: dict[str, int], told: Told) -> None:
    ListEntry.objects.create(list="allow", what=what, value=value)
    rules.forget()
    counts = told(attack(10))["parts"]["attack"]
    assert {name: counts[name] for name in parts} == parts


@pytest.mark.parametrize(
    ("what", "value", "listed"),
    [("address", HERE, 10), ("phone", "13100000000", 1), ("segment", "1310000", 1)],
)
def test_whom_an_operator_blocked(what: str, value: str, listed: int, told: Told) -> None:
    ListEntry.objects.create(list="block", what=what, value=value)
    rules.forget()
    assert told(attack(10))["parts"]["attack"]["listed"] == listed


@pytest.mark.parametrize(
    "options",
    [
        ["--bound", "ip"],
        ["--bound", "ip=3"],
        ["--bound", "ip=3:-1"],
        ["--bound", "ip=0:1"],
        ["--bound", "ip=3:99"],
        ["--bound", "street=3:1"],
        ["--captcha-above", "ip"],
        ["--captcha-above", "ip=0"],
        ["--captcha-above", "country=5"],
        ["--window", "5"],
        ["--window", "long"],
    ],
    ids=" ".join,
)
def test_settings_that_are_wrong(options: list[str], told: Told, redis: Redis) -> None:
    with pytest.raises(CommandError):
        told(attack(3), *options)
    assert not list(redis.scan_iter())
    assert conf.get().guard == "off"
