"""A worker's right to send: nobody shares it, it ends by itself, and without it nothing moves."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.conftest import Configure
from tests.verifications.racing import race
from verifications import claims
from verifications.fates import Moved, Waits
from verifications.models import DeliveryAttempt, Message

pytestmark = pytest.mark.database

Queued = Callable[..., Message]
Travel = Callable[[float], None]
SENT, FAILED = Message.Status.SENT, Message.Status.FAILED


def _ids(messages: Iterable[Message]) -> set[UUID]:
    return {message.pk for message in messages}


def _in_one_request(
    *messages: Message, outcome: DeliveryAttempt.Outcome = DeliveryAttempt.Outcome.UNCERTAIN
) -> str:
    request_id = uuid4().hex
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            message=message,
            provider="first",
            request_id=request_id,
            outcome=outcome,
            started_at=timezone.now(),
        )
        for message in messages
    )
    return request_id


@pytest.mark.django_db(transaction=True)
def test_two_claims_never_share_a_message(queued_notice: Queued) -> None:
    ids = [queued_notice().pk for _ in range(100)]
    taken = race(8, lambda n: _ids(claims.take([*ids[n * 9 :], *ids[: n * 9]])[1]))
    assert sum(map(len, taken)) == 100
    assert set().union(*taken) == set(ids)


@pytest.mark.django_db(transaction=True)
def test_companions_of_one_request_go_to_one_claim(queued_notice: Queued) -> None:
    requests = [[queued_notice() for _ in range(5)] for _ in range(8)]
    for companions in requests:
        _in_one_request(*companions)
    # Each thread knows of another one of the five.
    taken = race(5, lambda n: _ids(claims.take([one[n].pk for one in requests])[1]))
    assert sum(map(len, taken)) == 40
    for companions in requests:
        assert sum(_ids(companions) <= mine for mine in taken) == 1


def test_companions_of_a_request_whose_fate_is_known_are_free(queued_notice: Queued) -> None:
    one, other = queued_notice(), queued_notice()
    _in_one_request(one, other, outcome=DeliveryAttempt.Outcome.UNAVAILABLE)
    _, taken = claims.take([one.pk])
    assert taken == [one]


def test_a_companion_that_has_moved_on_is_not_taken_back(queued_notice: Queued) -> None:
    one, arrived = queued_notice(), queued_notice(status=Message.Status.DELIVERED)
    _in_one_request(one, arrived)
    _, taken = claims.take([one.pk])
    assert taken == [one]


@pytest.mark.parametrize("status", sorted({*Message.Status} - {Message.Status.QUEUED}))
def test_only_what_is_queued_can_be_taken(status: str, queued_notice: Queued) -> None:
    message = queued_notice(status=status)
    assert claims.take([message.pk])[1] == []


def test_a_lease_ends_and_not_before(
    queued_notice: Queued, travel: Travel, configure: Configure
) -> None:
    configure(CLAIM_TTL=120)
    message = queued_notice()
    claims.take([message.pk])
    travel(118)
    assert claims.take([message.pk])[1] == []
    travel(3)
    assert claims.take([message.pk])[1] == [message]


def test_a_lease_is_renewed(queued_notice: Queued, travel: Travel, configure: Configure) -> None:
    configure(CLAIM_TTL=120)
    message = queued_notice()
    claim, _ = claims.take([message.pk])
    travel(100)
    assert claims.renew(claim, [message]) == {message.pk}
    travel(100)
    assert claims.take([message.pk])[1] == []


def test_what_was_lost_is_not_renewed(
    queued_notice: Queued, travel: Travel, configure: Configure
) -> None:
    configure(CLAIM_TTL=60)
    lost, kept = queued_notice(), queued_notice()
    claim, _ = claims.take([lost.pk, kept.pk])
    Message.objects.filter(pk=kept.pk).update(claimed_until=timezone.now() + timedelta(seconds=600))
    travel(61)
    assert claims.renew(claim, [lost, kept]) == {kept.pk}


def test_a_lost_claim_moves_nothing(
    queued_notice: Queued, travel: Travel, configure: Configure
) -> None:
    configure(CLAIM_TTL=60)
    message = queued_notice()
    lost, _ = claims.take([message.pk])
    travel(61)
    mine, _ = claims.take([message.pk])
    claims.settle(lost, [Moved([message], SENT)])
    claims.settle(lost, [Waits([message], 1.0, "x")])
    message.refresh_from_db()
    assert (message.status, message.claim, message.rounds) == ("queued", mine, 0)
    claims.settle(mine, [Moved([message], SENT)])
    message.refresh_from_db()
    assert (message.status, message.claim) == ("sent", None)


def test_what_has_moved_does_not_move_again(queued_notice: Queued) -> None:
    message = queued_notice()
    claim, _ = claims.take([message.pk])
    claims.settle(claim, [Moved([message], FAILED, "first: 160042")])
    claims.settle(claim, [Moved([message], SENT)])
    message.refresh_from_db()
    assert (message.status, message.reason) == ("failed", "first: 160042")


def test_what_waits_is_free_and_due_later(queued_notice: Queued) -> None:
    message = queued_notice()
    claim, _ = claims.take([message.pk])
    claims.settle(claim, [Waits([message], 30.0, "first: HTTP 500")])
    message.refresh_from_db()
    assert (message.status, message.claim, message.rounds) == ("queued", None, 1)
    assert message.reason == "first: HTTP 500"
    left = (message.due_at - timezone.now()).total_seconds()
    assert 29 < left <= 30


def test_what_is_put_into_the_queue_is_due_once_in_a_while(
    queued_notice: Queued, travel: Travel, configure: Configure
) -> None:
    configure(REQUEUE_AFTER=300, NOTICE_TTL=86_400)
    message = queued_notice()
    assert claims.due(10) == []
    travel(301)
    assert claims.due(10) == [message]
    assert claims.due(10) == []
    travel(301)
    assert claims.due(10) == [message]


def test_what_is_due_longest_comes_first(queued_notice: Queued) -> None:
    now = timezone.now()
    late, latest, later = (queued_notice(due_at=now - timedelta(seconds=ago)) for ago in (1, 3, 2))
    assert claims.due(2) == [latest, later]
    assert claims.due(2) == [late]


def test_what_a_worker_holds_is_due_when_its_lease_ends(
    queued_notice: Queued, travel: Travel, configure: Configure
) -> None:
    configure(CLAIM_TTL=60, REQUEUE_AFTER=1)
    message = queued_notice()
    claims.take([message.pk])
    travel(58)
    assert claims.due(10) == []
    travel(3)
    assert claims.due(10) == [message]


def test_only_what_no_worker_has_can_be_withdrawn(queued_notice: Queued) -> None:
    free, taken = queued_notice(), queued_notice()
    claims.take([taken.pk])
    assert claims.withdraw(free, "queue")
    assert not claims.withdraw(taken, "queue")
    assert not claims.withdraw(free, "queue")
    free.refresh_from_db()
    assert (free.status, free.reason) == ("failed", "queue")
