"""Without Redis nothing is spent from a budget."""

import pytest

from tests.verifications.budgets_kept.conftest import Queued, refusal_of, statuses, tried
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import Fake
from verifications import delivery
from verifications.exceptions import Unavailable
from verifications.providers import Text, base

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]


def test_a_budget_that_cannot_be_asked_is_not_spent_from(
    set_budget: SetBudget, queued_notice: Queued, phone: str, first: Fake, without_redis: None
) -> None:
    message = queued_notice()
    set_budget("", daily=100)
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert (message.status, message.reason) == ("queued", "redis")
    assert isinstance(refusal_of(f"+86{phone}"), Unavailable)
    assert tried() == [
        ("first", "unavailable", "no_budget"),
        ("second", "unavailable", "no_budget"),
    ]
    assert not first.texts


def test_where_none_is_set_notices_need_no_redis(
    queued_notice: Queued, first: Fake, without_redis: None
) -> None:
    delivery.deliver([queued_notice().pk])
    assert len(first.texts) == 1


def test_what_cannot_be_given_back_stays_spent(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, request: pytest.FixtureRequest
) -> None:
    set_budget("", daily=1)

    def lose_redis(text: Text) -> None:
        request.getfixturevalue("without_redis")
        raise base.Rejected("160042")

    first.meanwhile = lose_redis
    delivery.deliver([queued_notice().pk])
    assert statuses() == ["failed"]
