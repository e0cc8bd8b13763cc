"""What is spent of a budget: each text that a platform may have taken, by its parts."""

import pytest
from django.conf import LazySettings

from tests.conftest import Configure
from tests.verifications.budgets_kept.conftest import Queued, spent
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import Fake
from verifications import delivery
from verifications.models import Message
from verifications.providers import SendError, base

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]


@pytest.mark.parametrize(
    ("error", "cost"),
    [
        (None, "0.30"),
        (base.Uncertain("ReadTimeout"), "0.30"),
        (base.Duplicate("160054"), "0.30"),
        (base.Rejected("160042"), "0.00"),
        (base.Unavailable("160014"), "0.00"),
        (base.Declined("160021"), "0.00"),
        (base.Throttled("429"), "0.00"),
        (base.Unreachable("ConnectTimeout"), "0.00"),
    ],
)
def test_what_was_surely_not_taken_is_given_back(
    error: SendError | None,
    cost: str,
    set_budget: SetBudget,
    queued_notice: Queued,
    first: Fake,
    configure: Configure,
) -> None:
    configure(PROVIDER_ORDER=["first"])
    set_budget("", hourly=1)
    first.error = error
    delivery.deliver([queued_notice().pk for _ in range(3)])
    assert spent() == cost


def test_of_one_request_each_phone_is_paid_for_itself(
    set_budget: SetBudget, queued_notice: Queued, first: Fake
) -> None:
    set_budget("", hourly=1)
    messages = [queued_notice() for _ in range(5)]
    first.of_phone = {messages[1].phone: base.Rejected("160042")}
    delivery.deliver([message.pk for message in messages])
    assert spent() == "0.40"


def test_a_long_text_costs_its_parts(
    set_budget: SetBudget, queued_notice: Queued, settings: LazySettings, configure: Configure
) -> None:
    templates = settings.VERIFICATIONS["TEMPLATES"]
    configure(TEMPLATES={**templates, "shipped": {**templates["shipped"], "SEGMENTS": 3}})
    set_budget("", hourly=1)
    delivery.deliver([queued_notice().pk, queued_notice().pk])
    assert spent() == "0.60"


def test_a_text_that_is_sent_to_nobody_needs_no_money(
    set_budget: SetBudget, queued_notice: Queued, first: Fake
) -> None:
    set_budget("", daily="0.05")
    message = queued_notice(withheld=Message.Withheld.TEST_NUMBER)
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert message.status == "sent"
    assert (first.texts, spent()) == ([], "0.00")
