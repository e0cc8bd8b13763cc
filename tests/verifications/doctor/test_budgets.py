"""What is spent of the budgets."""

from tests.verifications.conftest import SetBudget
from tests.verifications.doctor.conftest import doctor
from verifications import budgets


def test_what_is_spent_of_each_budget(set_budget: SetBudget) -> None:
    set_budget("", hourly="0.10", daily=100)
    budgets.take("locmem", 1)
    code, told = doctor()
    assert (code, told["budget of everyone, this hour"]) == (0, "ok 0.05 of 0.10 yuan is spent")
    budgets.take("locmem", 1)
    code, told = doctor()
    assert (code, told["budget of everyone, this hour"]) == (
        1,
        "FAIL 0.10 of 0.10 yuan is spent; wait for the next hour, or raise it at /admin/ (预算)",
    )
    assert told["budget of everyone, this day"] == "ok 0.10 of 100.00 yuan is spent"
