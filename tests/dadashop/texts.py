"""Rows as the service leaves them, for pages that show them."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from verifications import outgoing
from verifications.models import DeliveryAttempt, Message

PHONE, MASKED = "+8613800138000", "138****8000"
BARE = re.compile(r"138[- ]?0013[- ]?8000")  # in no page or log
DAY = 86_400
SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}


def text(phone: str = PHONE, *, age: float = 0, **changed: Any) -> Message:
    """A notice that waits, made `age` seconds ago; any field may be given."""
    message = outgoing.new(Message.Kind.NOTICE, phone, "shipped", SHIPPED, life=86_400)
    message.created_at = message.updated_at = timezone.now() - timedelta(seconds=age)
    for name, value in changed.items():
        setattr(message, name, value)
    message.save(force_insert=True)
    return message


def attempt(message: Message, provider: str = "cloopen", **changed: Any) -> DeliveryAttempt:
    """That this platform was asked, and took it, a tenth of a second after the message was made."""
    fields: dict[str, Any] = {
        "request_id": uuid4().hex,
        "provider_message_id": uuid4().hex,
        "outcome": "sent",
        "latency_ms": 87,
        "started_at": message.created_at + timedelta(milliseconds=100),
    }
    return DeliveryAttempt.objects.create(
        message=message, provider=provider, **{**fields, **changed}
    )
