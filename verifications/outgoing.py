"""From a use case to a message: written first, then sent at once or put into the queue."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from . import claims, delivery, rows, tasks
from .database import after_commit, reachable
from .exceptions import Unavailable
from .models import Message


def new(
    kind: Message.Kind,
    phone: str,
    template: str,
    params: Mapping[str, str],
    *,
    challenge: str = "",
    created_ms: int | None = None,
    life: float,
) -> Message:
    """A message to be sent within `life` seconds, not written yet."""
    now = datetime.fromtimestamp(created_ms / 1000, UTC) if created_ms else timezone.now()
    return Message(
        phone=phone,
        kind=kind,
        template=template,
        params=dict(params),
        challenge=challenge,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(seconds=life),
        due_at=claims.queue_deadline(kind, now),
    )


def send(message: Message) -> None:
    """Text a code that somebody waits for: now, or by a worker where there is a queue.

    Raises DeliveryFailed or Unavailable; then no text is on its way.
    """
    if not tasks.broker():
        delivery.deliver_now(message)
        return
    with reachable():
        rows.insert(message)
    try:
        # In a transaction of the caller's, the worker would look for a row that is not there yet.
        after_commit(lambda: tasks.put([message]))
    except Unavailable:
        with reachable():
            if claims.withdraw(message, "queue"):
                raise


def find(kind: Message.Kind, public_id: str) -> Message | None:
    """The message of an id that we gave out. Raises Unavailable."""
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    with reachable():
        return Message.objects.filter(pk=key, kind=kind).first()
