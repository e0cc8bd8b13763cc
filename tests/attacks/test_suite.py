"""Two of the attacks in small, and that a bound which is passed ends in 1."""

import json
import re
from typing import Any

import pytest

from tests.attacks.__main__ import main
from tests.attacks.arena import Seen
from tests.attacks.bounds import BOUNDS, Bound
from tests.attacks.shoppers import Served
from tests.attacks.suite import ATTACKS, Result
from tests.docs.pages import read

SMALL = ["--scale", "0.01", "--json"]


def _run(capsys: pytest.CaptureFixture[str], *names: str) -> tuple[int, list[dict[str, Any]]]:
    code = main([*SMALL, *(word for name in names for word in ("--only", name))])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.live
def test_two_attacks_within_their_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    code, results = _run(capsys, "race", "bomb from an address")
    assert code == 0
    bombed, raced = results
    assert (bombed["texts"], bombed["requests"]) == (30, 100)
    assert raced["values"]["passes of one proof"] == 1
    assert all(result["honest"] >= 9 and not result["refusals"] for result in results)


@pytest.mark.live
def test_a_bound_that_is_passed_ends_in_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BOUNDS, "forge receipts", (Bound("texts sent", 0),))
    monkeypatch.setitem(ATTACKS, "forge receipts", lambda _: Seen(values={"texts sent": 1}))
    code, (result,) = _run(capsys, "forge receipts")
    assert code == 1
    assert result["passed"] == ["texts sent = 0"]


def test_a_name_of_no_attack_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["--only", "nothing of the kind"])


def test_a_bound_has_two_sides() -> None:
    bound = Bound("logins", 1, 1)
    assert [n for n in range(3) if bound.holds({"logins": n})] == [1]


def test_honest_shoppers_are_what_every_attack_is_judged_by() -> None:
    right = {"taken": 0.0, "messages moved": 0.0}
    hurt = Result("forge receipts", Seen(values=right), Served(refusals=["cooldown"]), 1.0)
    broken = Result("forge receipts", Seen(values=right, errors=1), Served(), 1.0)
    assert [str(bound) for bound in hurt.passed()] == ["hurt = 0"]
    assert [str(bound) for bound in broken.passed()] == ["errors = 0"]


def test_every_attack_has_bounds_and_security_md_tells_them() -> None:
    assert BOUNDS.keys() == ATTACKS.keys()
    page = read("docs/security.md")
    for name, bounds in BOUNDS.items():
        (row,) = re.findall(rf"^\| {name} \| \d+ \| .*$", page, re.MULTILINE)
        own = [str(bound) for bound in bounds if bound.what not in ("hurt", "errors")]
        assert all(bound in row for bound in own), (row, own)
