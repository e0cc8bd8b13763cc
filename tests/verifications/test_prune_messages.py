"""`manage.py prune_messages`: what is old and settled goes, whatever is still to be sent stays."""

import io
import os
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.deletion import Collector
from django.utils import timezone

from verifications.management import base
from verifications.management.commands import prune_messages
from verifications.models import DeliveryAttempt, IdempotencyKey, Message, PickupCode

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SETTLED = sorted({*Message.Status} - {Message.Status.QUEUED})


def _prune(age: str = "90d", **options: Any) -> str:
    out = io.StringIO()
    call_command("prune_messages", "--older-than", age, stdout=out, **options)
    return out.getvalue()


def _message(days: float, status: str = "delivered") -> Message:
    then = timezone.now() - timedelta(days=days)
    message = Message.objects.create(
        phone="+8613800138000", kind="notice", template="shipped", status=status,
        created_at=then, updated_at=then, expires_at=then, due_at=then,
    )  # fmt: skip
    DeliveryAttempt.objects.create(
        message=message, provider="cloopen", request_id="1", outcome="sent", started_at=then
    )
    return message


def _pickup(order: str, **days_ago: float) -> None:
    """A code that lives for a week yet, but for the times given."""
    now = timezone.now()
    times = {"created_at": 0.0, "texted_at": 0.0, "expires_at": -7.0} | days_ago
    moments = {name: now - timedelta(days=days) for name, days in times.items()}
    PickupCode.objects.create(order=order, phone="+8613800138000", challenge="", **moments)


@pytest.mark.parametrize("status", SETTLED)
def test_what_is_settled_goes_with_its_attempts(status: str) -> None:
    _message(91, status)
    young = _message(89, status)
    assert _prune().startswith("Deleted 1 of Message, 1 of DeliveryAttempt,")
    assert list(Message.objects.all()) == [young]
    assert [attempt.message for attempt in DeliveryAttempt.objects.all()] == [young]


def test_what_is_queued_stays_however_old() -> None:
    _message(1000, "queued")
    _prune("1d")
    assert (Message.objects.count(), DeliveryAttempt.objects.count()) == (1, 1)


def test_pickup_codes_go_once_they_are_over() -> None:
    _pickup("expired", expires_at=91)
    _pickup("redeemed", redeemed_at=91)
    _pickup("cancelled", cancelled_at=91)
    _pickup("live", created_at=91, texted_at=91)
    _pickup("just redeemed", redeemed_at=89)
    assert "3 of PickupCode" in _prune()
    left = PickupCode.objects.order_by("order").values_list("order", flat=True)
    assert list(left) == ["just redeemed", "live"]


def test_idempotency_keys_go_once_they_have_expired() -> None:
    now = timezone.now()
    for digest, seconds in (("old", -1), ("new", 60)):
        expires_at = now + timedelta(seconds=seconds)
        IdempotencyKey.objects.create(digest=digest, answer=[], expires_at=expires_at)
    assert "1 of IdempotencyKey" in _prune()
    assert IdempotencyKey.objects.get().digest == "new"


def test_a_dry_run_only_counts() -> None:
    _message(91)
    _pickup("expired", expires_at=91)
    told = "1 of Message, 1 of DeliveryAttempt, 1 of PickupCode, 0 of IdempotencyKey.\n"
    assert _prune(dry_run=True) == f"Would delete {told}"
    assert _prune() == f"Deleted {told}"
    assert _prune() == f"Deleted {told.replace('1 of', '0 of')}"


def test_more_than_a_batch_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune_messages, "_BATCH", 2)
    for _ in range(5):
        _message(91)
    assert _prune().startswith("Deleted 5 of Message, 5 of DeliveryAttempt,")


def test_ctrl_c_waits_for_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune_messages, "_BATCH", 2)
    for _ in range(5):
        _message(91)
    delete = Collector.delete

    def press(self: Collector) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return delete(self)

    monkeypatch.setattr(Collector, "delete", press)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("prune_messages", "--older-than", "90d", stdout=out)
    assert ended.value.code == 130
    assert out.getvalue() == (
        "Deleted 2 of Message, 2 of DeliveryAttempt, 0 of PickupCode, 0 of IdempotencyKey.\n"
        "Ended by Ctrl-C, 3 are left. Run it again to go on.\n"
    )
    monkeypatch.undo()
    assert _prune().startswith("Deleted 3 of Message,")


def test_its_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_FEWEST", 2)
    monkeypatch.setattr(prune_messages, "_BATCH", 2)
    for _ in range(5):
        _message(91)
    told = io.StringIO()
    _prune(stderr=told)
    assert told.getvalue() == "2 of 5 rows\n4 of 5 rows\n"


@pytest.mark.parametrize("age", ["90", "0d", "d", "2w", "99999d", ""])
def test_an_age_that_is_none(age: str) -> None:
    with pytest.raises(CommandError, match="days are expected, such as 90d"):
        _prune(age)
