"""From a use case to a message: written first, then sent at once or put into the queue.

A code is the exception where workers send: its text goes into the outbox by the very step that
reserves it, and the worker writes its row.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from . import claims, delivery, outbox, records, rules, tasks
from .database import reachable
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


def letter(phone: str, purpose: str, withheld: str) -> records.Letter | None:
    """The text of a code that is about to be reserved; None where no worker sends it.

    Raises Unavailable while the queue or the database is away. Where many ask, they may have been
    away for half a second or one: what was taken then waits in the outbox.
    """
    if not tasks.broker():
        return None
    tasks.check()
    if not rules.reachable():
        raise Unavailable
    return outbox.letter(phone, purpose, withheld)


def send_code(
    phone: str,
    purpose: str,
    withheld: str,
    reservation: records.Reservation,
    letter: records.Letter | None,
) -> tuple[str, str]:
    """(its message's id, its status) of a code that was reserved with this letter(); without one it
    is sent now.

    Raises DeliveryFailed, RateLimited or Unavailable; then no text is on its way.
    """
    if letter:
        tasks.call_worker()
        return str(UUID(bytes=letter.id)), Message.Status.QUEUED
    message = new(
        Message.Kind.CODE,
        phone,
        purpose,
        {"minutes": str(reservation.expires_in // 60)},  # rounded down, so that the text is true
        challenge=reservation.challenge.text,
        created_ms=reservation.at_ms,
        life=reservation.expires_in,
    )
    message.withheld = withheld
    delivery.deliver_now(message)
    return str(message.pk), message.status


def find(kind: Message.Kind, public_id: str) -> Message | None:
    """The message of an id that we gave out. Raises Unavailable."""
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    # Once more at the end: a worker may just have taken it out of the outbox.
    return _row(kind, key) or outbox.find(key) or _row(kind, key)


def _row(kind: Message.Kind, key: UUID) -> Message | None:
    with reachable():
        return Message.objects.filter(pk=key, kind=kind).first()
