"""What one platform may not spend the next one may."""

import pytest

from tests.conftest import Configure
from tests.verifications.budgets_kept.conftest import NewPhone, Queued, statuses, tried
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import Fake
from verifications import breakers, budgets, delivery
from verifications.models import DeliveryAttempt
from verifications.providers import base
from verifications.services import send_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]


def test_what_one_platform_may_not_spend_the_next_one_may(
    set_budget: SetBudget, first: Fake, second: Fake, new_phone: NewPhone
) -> None:
    set_budget("first", hourly="0.10")
    assert send_code(new_phone(), "login").status == "sent"
    for _ in range(6):  # more than failures open a breaker
        assert send_code(new_phone(), "login").status == "sent"
    assert (len(first.texts), len(second.texts)) == (1, 6)
    assert breakers.closed(["first"]) == {"first"}


def test_one_whose_budget_has_just_gone_is_tried_and_not_asked(
    set_budget: SetBudget, first: Fake, second: Fake, phone: str
) -> None:
    set_budget("first", hourly="0.10")
    assert budgets.wait(["first"]) == 0  # which is believed for a second
    budgets.take("first", 1)
    assert send_code(phone, "login").status == "sent"
    assert (len(first.texts), len(second.texts)) == (0, 1)
    one = DeliveryAttempt.objects.get(provider="first")
    assert (one.outcome, one.code, one.latency_ms) == ("unavailable", "budget", None)


def test_one_that_is_known_to_be_at_its_end_is_not_tried(
    set_budget: SetBudget, first: Fake, second: Fake, phone: str
) -> None:
    set_budget("first", hourly=0)
    assert send_code(phone, "login").status == "sent"
    assert tried() == [("second", "sent", "")]


@pytest.mark.parametrize("passed_over", ["budget", "breaker"])
def test_what_the_others_decline_waits_for_the_one_passed_over(
    passed_over: str,
    set_budget: SetBudget,
    queued_notice: Queued,
    second: Fake,
    configure: Configure,
) -> None:
    if passed_over == "budget":
        set_budget("first", hourly=0)
    else:
        configure(BREAKER=[1, 60])
        breakers.report("first", ok=False)
    second.error = base.Declined("160021")
    delivery.deliver([queued_notice().pk])
    assert (statuses(), len(second.texts)) == (["queued"], 1)
