"""No budget is passed, whoever spends it and however many."""

import logging
import multiprocessing

import pytest

from tests.verifications.budgets.conftest import spent
from tests.verifications.conftest import SetBudget
from tests.verifications.racing import race
from verifications import budgets, rules

pytestmark = pytest.mark.redis


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_pass_it_together(set_budget: SetBudget) -> None:
    set_budget("", hourly="0.50", daily=1)
    bought = race(20, lambda _: [budgets.take("first", 4) for _ in range(5)])
    assert sum(one.texts for some in bought for one in some) == 50
    assert spent()[0] == ("", "hour", "0.5000")


def _buy_and_return(_: int) -> tuple[int, int, int]:
    """Of a process of its own: (texts paid for and kept, warnings, errors)."""
    levels: list[int] = []
    handler = logging.Handler()
    handler.emit = lambda record: levels.append(record.levelno)  # type: ignore[method-assign]
    budgets.logger.addHandler(handler)
    kept = 0
    for _ in range(50):
        bought = budgets.take("first", 3)
        budgets.give_back(bought, bought.texts // 3)
        kept += bought.texts - bought.texts // 3
    return kept, levels.count(logging.WARNING), levels.count(logging.ERROR)


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
    assert spent() == [("", "hour", "2.0000")]
