"""Of one request as many go out as are paid for; the rest goes elsewhere or later."""

import pytest

from tests.conftest import Configure
from tests.verifications.budgets_kept.conftest import At, Queued, statuses, sweep
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import Fake
from verifications import breakers, delivery
from verifications.providers import base

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]


def test_of_many_as_many_go_out_as_are_paid_for_and_the_rest_later(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, second: Fake, at: At
) -> None:
    set_budget("", hourly="0.30")
    messages = [queued_notice() for _ in range(5)]
    delivery.deliver([message.pk for message in messages])
    assert [len(text.phones) for text in first.texts + second.texts] == [3]
    assert statuses() == ["queued"] * 2 + ["sent"] * 3
    at("2026-01-02T13:00:00+08:00")
    sweep()
    assert statuses() == ["sent"] * 5
    texted = [phone for text in first.texts for phone in text.phones]
    assert sorted(texted) == sorted(message.phone for message in messages)


def test_the_rest_goes_to_a_platform_that_may_spend(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, second: Fake
) -> None:
    set_budget("first", hourly="0.30")
    delivery.deliver([queued_notice().pk for _ in range(5)])
    assert [len(text.phones) for text in (*first.texts, *second.texts)] == [3, 2]
    assert statuses() == ["sent"] * 5


def test_the_rest_of_a_request_that_failed_hides_no_fault(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, configure: Configure
) -> None:
    configure(BREAKER=[1, 60])
    set_budget("first", hourly="0.30")
    first.error = base.Unreachable("HTTP 500")
    delivery.deliver([queued_notice().pk for _ in range(5)])
    assert breakers.closed(["first"]) == set()
    assert statuses() == ["sent"] * 5
