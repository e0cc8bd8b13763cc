"""A text that nobody may pay for waits without a try, until there is money or its life ends."""

from collections.abc import Callable

import pytest

from tests.verifications.budgets_kept.conftest import At, Queued, statuses, sweep
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import SHIPPED, Fake
from verifications import delivery
from verifications.models import DeliveryAttempt, Message

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]


def test_a_notice_waits_without_a_try_and_goes_out_when_the_budget_is_raised(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, at: At
) -> None:
    set_budget("", daily=0)
    message = queued_notice()
    delivery.deliver([message.pk])
    for minutes in (31, 36, 41):
        at(f"2026-01-02T12:{minutes}:00+08:00")
        sweep()
    message.refresh_from_db()
    assert (message.status, message.reason) == ("queued", "budget")
    assert not DeliveryAttempt.objects.exists()
    set_budget("", daily=1)
    at("2026-01-02T12:46:01+08:00")
    sweep()
    message.refresh_from_db()
    assert (message.status, message.reason, len(first.texts)) == ("sent", "", 1)


def test_it_waits_no_longer_than_to_the_end_of_the_hour(
    set_budget: SetBudget, queued_notice: Queued, at: At
) -> None:
    set_budget("", hourly="0.10")
    at("2026-01-02T12:59:00+08:00")
    delivery.deliver([queued_notice().pk, queued_notice(params={**SHIPPED, "order": "D2"}).pk])
    delivery.deliver(Message.objects.values_list("pk", flat=True))
    assert statuses() == ["queued", "sent"]
    at("2026-01-02T13:00:00+08:00")
    sweep()
    assert statuses() == ["sent", "sent"]


def test_what_waits_too_long_expires(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, at: At
) -> None:
    set_budget("", daily=0)
    delivery.deliver([queued_notice().pk])
    at("2026-01-02T13:30:00+08:00")
    sweep()
    assert statuses() == ["expired"]
    assert not first.texts


def test_a_queued_code_waits_as_well(
    set_budget: SetBudget, queued_code: Callable[[], Message], first: Fake, second: Fake
) -> None:
    message = queued_code()
    set_budget("first", daily=0)
    set_budget("second", daily=0)
    delivery.deliver([message.pk])
    assert (statuses(), first.texts + second.texts) == (["queued"], [])
    set_budget("second", daily=1)
    delivery.deliver([message.pk])
    assert (statuses(), len(second.texts)) == (["sent"], 1)


def test_a_template_that_is_gone_does_not_wait_for_money(
    set_budget: SetBudget, queued_notice: Queued
) -> None:
    set_budget("", daily=0)
    message = queued_notice(template="gone")
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert (message.status, message.reason) == ("failed", "no template")
