"""The version before the last migrations, as a process: its models, on whatever tables there are.

`python -m tests.rolling.before write MIGRATION` writes a text that waits. `... go-on MIGRATION`
writes another, reads and moves both as that version would, and has this version send them.
"""

import sys
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import django

_PHONE = "+8613800138000"


def _models(migration: str) -> tuple[Any, Any]:
    from django.db.migrations.loader import MigrationLoader

    state = MigrationLoader(None).project_state(("verifications", migration))
    old = state.apps
    return old.get_model("verifications", "Message"), old.get_model(
        "verifications", "DeliveryAttempt"
    )


def _write(message: Any, attempt: Any) -> None:
    from django.utils import timezone

    now = timezone.now()
    waiting = message.objects.create(
        id=uuid.uuid4(),
        phone=_PHONE,
        kind="notice",
        template="shipped",
        params={"order": "D1001", "company": "顺丰", "number": "SF1"},
        created_at=now,
        updated_at=now,
        due_at=now,
        expires_at=now + timedelta(hours=1),
    )
    attempt.objects.create(
        id=uuid.uuid4(),
        message=waiting,
        provider="locmem",
        request_id=uuid.uuid4().hex,
        outcome="unavailable",
        started_at=now,
    )


def _go_on(message: Any, attempt: Any) -> None:
    from verifications import delivery
    from verifications.models import Message

    _write(message, attempt)
    assert message.objects.filter(status="queued").update(reason="seen") == 2
    assert attempt.objects.filter(message__phone=_PHONE).update(latency_ms=1) == 2
    delivery.deliver(list(Message.objects.values_list("pk", flat=True)))
    texts = list(message.objects.values_list("status", "reason"))
    assert [status for status, _ in texts] == ["sent"] * 2, texts
    assert attempt.objects.filter(outcome="sent").count() == 2
    for one in message.objects.all():
        one.delete()
    assert not Message.objects.exists()


def main(arguments: Sequence[str]) -> None:
    what, migration = arguments
    django.setup()
    {"write": _write, "go-on": _go_on}[what](*_models(migration))


if __name__ == "__main__":
    main(sys.argv[1:])
