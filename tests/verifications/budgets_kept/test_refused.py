"""A code that nobody may pay for is refused, and what its shopper is told."""

import pytest

from tests.conftest import Api
from tests.verifications.budgets_kept.conftest import NewPhone, refusal_of
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import Fake
from verifications.exceptions import DeliveryFailed, RateLimited, Unavailable
from verifications.providers import base

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]


def test_over_everyones_budget_a_code_is_refused_and_costs_nothing(
    set_budget: SetBudget, first: Fake, second: Fake, api: Api, new_phone: NewPhone
) -> None:
    set_budget("", hourly="0.10")
    assert api.send(new_phone()).status_code == 202
    phone = new_phone()
    refused = api.send(phone)
    assert (refused.status_code, refused["Retry-After"]) == (429, "1800")
    told = refused.json()
    assert (told["code"], told["limit"], told["retry_after"]) == ("rate_limited", "global", 1800)
    assert (len(first.texts), len(second.texts)) == (1, 0)
    set_budget("", hourly="0.20")
    assert api.send(phone).status_code == 202  # at once: there is no cooldown


def test_the_wait_is_that_for_the_first_platform_that_may_spend_again(
    set_budget: SetBudget, phone: str, first: Fake, second: Fake
) -> None:
    set_budget("first", daily=0)
    set_budget("second", hourly=0)
    refusal = refusal_of(f"+86{phone}")
    assert isinstance(refusal, RateLimited)
    assert refusal.retry_after == 1800
    assert not first.texts + second.texts


def test_one_that_may_not_spend_and_one_out_of_reach_are_unavailable(
    set_budget: SetBudget, phone: str, second: Fake
) -> None:
    set_budget("first", daily=0)
    second.error = base.Unreachable("HTTP 500")
    assert isinstance(refusal_of(f"+86{phone}"), Unavailable)


def test_one_that_may_not_spend_and_one_that_refuses_are_a_failed_delivery(
    set_budget: SetBudget, phone: str, second: Fake
) -> None:
    set_budget("first", daily=0)
    second.error = base.Unavailable("160014")
    assert isinstance(refusal_of(f"+86{phone}"), DeliveryFailed)


def test_what_is_not_asked_is_logged_without_the_phone(
    set_budget: SetBudget, phone: str, caplog: pytest.LogCaptureFixture
) -> None:
    set_budget("", daily=0)
    refusal_of(f"+86{phone}")
    assert "first: not asked for 1 of 1: budget" in caplog.messages
    assert phone not in caplog.text
