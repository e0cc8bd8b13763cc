"""How a worker sends many: in requests as large as their platform takes, several at once, and
what it was told it does not forget."""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from tests.conftest import Configure
from tests.verifications.platforms import SHIPPED, Fake
from verifications import delivery
from verifications.models import DeliveryAttempt, Message
from verifications.providers import Text, base

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Queued = Callable[..., Message]


def _deliver(messages: list[Message]) -> None:
    delivery.deliver([message.pk for message in messages])


def _statuses() -> set[str]:
    return set(Message.objects.values_list("status", flat=True))


def test_no_request_is_larger_than_its_platform_takes(queued_notice: Queued, first: Fake) -> None:
    first.batch_limit = 3
    messages = [queued_notice() for _ in range(8)]
    _deliver(messages)
    assert sorted(len(text.phones) for text in first.texts) == [2, 3, 3]
    assert {phone for text in first.texts for phone in text.phones} == {
        message.phone for message in messages
    }
    assert len({text.request_id for text in first.texts}) == 3
    assert _statuses() == {"sent"}


def test_the_next_platform_has_a_limit_of_its_own(
    queued_notice: Queued, first: Fake, second: Fake
) -> None:
    first.error, second.batch_limit = base.Unreachable("HTTP 500"), 2
    _deliver([queued_notice() for _ in range(5)])
    assert [len(text.phones) for text in first.texts] == [5]
    assert sorted(len(text.phones) for text in second.texts) == [1, 2, 2]
    assert _statuses() == {"sent"}


def test_a_bad_number_among_many_costs_the_others_nothing(
    queued_notice: Queued, first: Fake
) -> None:
    messages = [queued_notice() for _ in range(5)]
    bad = messages[2].phone

    def refuse_the_bad(text: Text) -> None:
        if bad in text.phones:
            raise base.Rejected("160042")

    first.meanwhile = refuse_the_bad
    _deliver(messages)
    assert sorted(len(text.phones) for text in first.texts) == [1, 1, 1, 1, 1, 5]
    assert Message.objects.get(phone=bad).status == "failed"
    assert set(Message.objects.exclude(phone=bad).values_list("status", flat=True)) == {"sent"}


def test_requests_go_out_at_once_as_far_as_the_settings_let_them(
    queued_notice: Queued, first: Fake, configure: Configure
) -> None:
    configure(CONCURRENCY=3)
    under_way, most = 0, 0
    lock, company = threading.Lock(), threading.Barrier(3, timeout=10)

    def count(text: Text) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        company.wait()  # of three that are under way together
        with lock:
            under_way -= 1

    first.meanwhile = count
    _deliver([queued_notice(params={**SHIPPED, "order": str(n)}) for n in range(6)])
    assert most == 3
    assert _statuses() == {"sent"}


def test_what_a_platform_said_outlives_a_database_that_restarts(
    queued_notice: Queued, first: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = 0
    slept: list[float] = []

    def fall_away(text: Text) -> None:
        nonlocal refusals
        refusals = 3

    def refuse(execute: Callable[..., object], *asked: object) -> object:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise OperationalError("the database system is shutting down")
        return execute(*asked)

    first.meanwhile = fall_away
    monkeypatch.setattr(
        delivery, "time", SimpleNamespace(monotonic=time.monotonic, sleep=slept.append)
    )
    message = queued_notice()
    with connection.execute_wrapper(refuse):
        _deliver([message])
    assert len(slept) == 3
    assert _statuses() == {"sent"}
    assert DeliveryAttempt.objects.get().outcome == "sent"
    assert len(first.texts) == 1


def test_a_database_that_stays_away_is_waited_for_while_the_lease_lasts(
    queued_notice: Queued, first: Fake, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(CLAIM_TTL=60)
    now, away = 0.0, False

    def fall_away(text: Text) -> None:
        nonlocal away
        away = True

    def refuse(execute: Callable[..., object], *asked: object) -> object:
        if away:
            raise OperationalError("gone")
        return execute(*asked)

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    first.meanwhile = fall_away
    monkeypatch.setattr(delivery, "time", SimpleNamespace(monotonic=lambda: now, sleep=sleep))
    message = queued_notice()
    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        _deliver([message])
    assert 29 <= now <= 31
    assert _statuses() == {"queued"}  # and what comes of it, test_dead_workers.py tells
