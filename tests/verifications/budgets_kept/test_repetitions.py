"""A repetition is paid for anew, unless its platform had taken the first."""

import pytest

from tests.verifications.budgets_kept.conftest import At, Queued, spent, statuses, sweep
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import Fake
from verifications import delivery
from verifications.models import Message
from verifications.providers import base

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]


@pytest.fixture
def in_doubt(queued_notice: Queued, first: Fake) -> list[Message]:
    """Three notices of one request whose platform fell silent, but would see a repetition."""
    first.error, first.repeatable = base.Uncertain("ReadTimeout"), True
    messages = [queued_notice() for _ in range(3)]
    delivery.deliver([message.pk for message in messages])
    first.texts.clear()
    return messages


def test_a_repetition_is_paid_again_whole_or_waits(
    set_budget: SetBudget, in_doubt: list[Message], first: Fake, at: At
) -> None:
    first.error = None
    set_budget("", hourly="0.25")
    at("2026-01-02T12:31:00+08:00")
    sweep()
    assert (first.texts, statuses(), spent()) == ([], ["queued"] * 3, "0.00")
    set_budget("", hourly="0.30")
    at("2026-01-02T12:37:00+08:00")
    sweep()
    assert (len(first.texts), statuses(), spent()) == (1, ["sent"] * 3, "0.30")


def test_a_repetition_that_its_platform_had_taken_costs_nothing(
    set_budget: SetBudget, in_doubt: list[Message], first: Fake, at: At
) -> None:
    first.error = base.Duplicate("160054")
    set_budget("", hourly=1)
    at("2026-01-02T12:31:00+08:00")
    sweep()
    assert (len(first.texts), statuses(), spent()) == (1, ["sent"] * 3, "0.00")
