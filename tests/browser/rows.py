"""Run by `manage.py shell` beside a product: texts of one phone, in the states that staff meet."""

import sys
from datetime import timedelta

from django.utils import timezone

from verifications import outgoing
from verifications.models import DeliveryAttempt, Message, PickupCode
from verifications.services import issue_pickup_code

SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}


def write(phone: str) -> None:
    """One that failed, one that waits for tomorrow, one that arrived, and a pickup code."""
    failed = _text(phone, 3600, status="failed", reason="aliyun: isv.AMOUNT_NOT_ENOUGH")
    _attempt(failed, "cloopen", 0.1, outcome="uncertain", code="ReadTimeout", latency_ms=2004)
    _attempt(failed, "aliyun", 2.4, outcome="unavailable", code="isv.AMOUNT_NOT_ENOUGH")
    _text(phone, 600, due_at=timezone.now() + timedelta(days=1), rounds=3)
    lost = _text(phone, 1200, status="undelivered", reason="MK:0012", kind="code", template="login")
    report = {"arrival": "undelivered", "arrival_code": "MK:0012"}
    _attempt(lost, "cloopen", 0.1, arrived_at=lost.created_at + timedelta(seconds=7), **report)
    issue_pickup_code(phone, f"D{phone}")
    PickupCode.objects.filter(order=f"D{phone}").update(texted_at=timezone.now() - timedelta(1))


def _text(phone: str, age: float, **changed: object) -> Message:
    message = outgoing.new(Message.Kind.NOTICE, f"+86{phone}", "shipped", SHIPPED, life=200_000)
    message.created_at -= timedelta(seconds=age)
    for name, value in changed.items():
        setattr(message, name, value)
    message.save(force_insert=True)
    return message


def _attempt(message: Message, provider: str, after: float, **fields: object) -> None:
    known = {"outcome": "sent", "latency_ms": 87, "request_id": message.pk.hex}
    started_at = message.created_at + timedelta(seconds=after)
    DeliveryAttempt.objects.create(
        message=message, provider=provider, started_at=started_at, **{**known, **fields}
    )


if __name__ == "__main__":
    write(sys.argv[1])
