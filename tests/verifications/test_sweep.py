"""The sweep: whatever nobody is working on goes out when it is due."""

import io
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from tests.conftest import Configure
from tests.verifications.platforms import SHIPPED, Fake, Killed, die
from tests.waiting import Waiting
from verifications import delivery, tasks
from verifications.management.commands import sweep
from verifications.models import EarlyReceipt, IdempotencyKey, Message
from verifications.providers import Receipt, base
from verifications.services import notify

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Queued = Callable[..., Message]
Travel = Callable[[float], None]


def _sweep() -> None:
    call_command("sweep", stdout=io.StringIO())


def _status(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def test_what_a_dead_process_left_goes_out(
    queued_notice: Queued, first: Fake, configure: Configure, travel: Travel
) -> None:
    configure(CLAIM_TTL=30)
    message = queued_notice()
    first.meanwhile = die
    with pytest.raises(Killed):
        delivery.deliver([message.pk])
    first.meanwhile, first.repeatable = lambda text: None, True
    travel(29)
    _sweep()
    assert _status(message) == "queued"
    travel(2)
    _sweep()
    assert _status(message) == "sent"


def test_what_was_lost_before_the_queue_goes_out(
    queued_notice: Queued, first: Fake, configure: Configure, travel: Travel
) -> None:
    configure(REQUEUE_AFTER=60)
    message = queued_notice()
    _sweep()
    assert _status(message) == "queued"
    travel(61)
    _sweep()
    assert _status(message) == "sent"


def test_what_waits_for_the_morning_goes_out_in_the_morning(
    phone: str, first: Fake, configure: Configure, at: Callable[[str], None]
) -> None:
    configure(QUIET_HOURS=["22:00", "08:00"])
    at("2026-01-01T23:00+08:00")
    notify(phone, "shipped", SHIPPED)
    message = Message.objects.get()
    at("2026-01-02T07:59:59+08:00")
    _sweep()
    assert _status(message) == "queued"
    at("2026-01-02T08:00+08:00")
    _sweep()
    assert _status(message) == "sent"


def test_what_no_platform_took_is_tried_again_and_again(
    queued_notice: Queued, first: Fake, second: Fake, travel: Travel
) -> None:
    first.error = second.error = base.Unreachable("HTTP 500")
    message = queued_notice()
    delivery.deliver([message.pk])
    for _ in range(3):
        travel(20)
        _sweep()
    assert (_status(message), message.rounds) == ("queued", 4)
    first.error = None
    travel(300)
    _sweep()
    assert _status(message) == "sent"


def test_it_goes_on_until_nothing_is_due(queued_notice: Queued, first: Fake) -> None:
    now = timezone.now() - timedelta(seconds=1)
    for _ in range(450):  # more than a task's worth
        queued_notice(due_at=now)
    _sweep()
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}
    assert sum(len(text.phones) for text in first.texts) == 450


def test_with_a_queue_it_puts_what_is_due_there(
    queued_notice: Queued, first: Fake, waiting: Waiting
) -> None:
    queued_notice(due_at=timezone.now())
    assert tasks.sweep() == 1
    assert tasks.sweep() == 0
    assert len(waiting("notices")) == 1
    assert not first.texts


def test_it_fetches_receipts(
    queued_notice: Queued, first: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queued_notice()
    delivery.deliver([message.pk])
    receipt = Receipt("", first.texts[0].request_id, message.phone, True, "DELIVRD")
    monkeypatch.setattr(first, "pull_receipts", lambda: [receipt])
    _sweep()
    assert _status(message) == "delivered"


def test_a_platform_that_gives_no_receipts_stops_nothing(
    queued_notice: Queued,
    first: Fake,
    second: Fake,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse() -> list[Receipt]:
        raise base.Unreachable("HTTP 500")

    message = queued_notice()
    first.error = base.Unreachable("HTTP 500")
    delivery.deliver([message.pk])
    receipt = Receipt("", second.texts[0].request_id, message.phone, True, "DELIVRD")
    monkeypatch.setattr(first, "pull_receipts", refuse)
    monkeypatch.setattr(second, "pull_receipts", lambda: [receipt])
    _sweep()
    assert _status(message) == "delivered"
    assert "first: receipts not pulled: HTTP 500" in caplog.messages


def test_it_forgets_what_is_kept_for_a_day(phone: str, first: Fake, travel: Travel) -> None:
    notify(phone, "shipped", SHIPPED, idempotency_key="D1001")
    EarlyReceipt.objects.create(provider="x", message_id="1", phone=phone, delivered=True)
    _sweep()
    assert (IdempotencyKey.objects.count(), EarlyReceipt.objects.count()) == (1, 1)
    travel(86_401)
    _sweep()
    assert (IdempotencyKey.objects.count(), EarlyReceipt.objects.count()) == (0, 0)


def test_with_every_it_goes_on_whatever_the_database_does(
    queued_notice: Queued, first: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queued_notice(due_at=timezone.now())
    away, slept = True, []

    def refuse(execute: Callable[..., object], *asked: object) -> object:
        if away:
            raise OperationalError("gone")
        return execute(*asked)

    def sleep(seconds: float) -> None:
        nonlocal away
        away = False
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(sweep, "time", SimpleNamespace(sleep=sleep))
    err = io.StringIO()
    with connection.execute_wrapper(refuse), suppress(KeyboardInterrupt):
        call_command("sweep", every=0.5, stderr=err)
    assert slept == [0.5] * 3
    assert re.fullmatch(r"sweep: OperationalError in \S+\n", err.getvalue())
    assert _status(message) == "sent"


def test_once_it_says_that_the_database_is_away() -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse), pytest.raises(CommandError, match="OperationalError"):
        _sweep()


def test_a_code_that_was_lost_in_the_queue_is_put_there_again_soon(
    queued_code: Queued, waiting: Waiting, travel: Travel
) -> None:
    message = queued_code()
    for _ in range(3):  # lost each time
        travel(11)
        tasks.sweep()
    message.refresh_from_db()
    assert message.due_at - timezone.now() <= timedelta(seconds=10)
