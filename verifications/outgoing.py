"""From a use case to a message: written first, then sent at once or put into the queue.

A code is the exception where workers send: its text goes into the outbox by the very step that
reserves it, and the worker writes its row.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from . import claims, delivery, outbox, records, rules, tasks
from .database import reachable
from .exceptions import Unavailable
from .ids import uuid7
from .models import Message
from .outbox import Draft


def new(
    kind: Message.Kind,
    phone: str,
    template: str,
    params: Mapping[str, str],
    *,
    challenge: str = "",
    life: float,
) -> Message:
    """A message to be sent within `life` seconds, not written yet."""
    now = timezone.now()
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


def draft(phone: str, purpose: str, withheld: str) -> Draft:
    """The text of a code that is about to be reserved."""
    return Draft(uuid7(), phone, purpose, withheld)


def letter(code: Draft) -> records.Letter | None:
    """What goes into the outbox where it is reserved; None where no worker sends it.

    Raises Unavailable while the queue or the database is away. Where many ask, they may have been
    away for half a second or one: what was taken then waits in the outbox.
    """
    if not tasks.broker():
        return None
    tasks.check()
    if not rules.reachable():
        raise Unavailable
    return outbox.letter(code)


def send(code: Draft, reservation: records.Reservation) -> str:
    """The status of a text whose code is reserved: sent now, or by a worker who has its letter().

    Raises DeliveryFailed, RateLimited or Unavailable; then no text is on its way.
    """
    if tasks.broker():
        tasks.call_worker()
        return Message.Status.QUEUED
    times = reservation.at_ms, reservation.expires_ms
    message = code.message(*times, reservation.challenge.text)
    delivery.deliver_now(message)
    return message.status


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
