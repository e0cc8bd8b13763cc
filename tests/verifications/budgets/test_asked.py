"""Who asks what is left: the door, the choice of a platform, the pages of operators."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import Configure
from tests.verifications.conftest import SetBudget
from verifications import budgets, scripts
from verifications.exceptions import RateLimited
from verifications.services import send_code

pytestmark = pytest.mark.redis


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
    row = budgets.Spending("first", "hour", Decimal("1.49"), Decimal("1.50"), full=False)
    assert budgets.spent() == [row]
    budgets.take("first", 1)
    assert budgets.spent() == [row._replace(spent=Decimal("1.50"), full=True)]


def test_everyones_is_full_when_not_even_the_cheapest_fits(
    set_budget: SetBudget, configure: Configure
) -> None:
    configure(PROVIDERS={}, PROVIDER_ORDER=["second", "first"])
    set_budget("", daily="0.10")
    budgets.take("first", 9)
    assert not budgets.spent()[0].full
    budgets.take("first", 1)
    assert budgets.spent()[0].full
