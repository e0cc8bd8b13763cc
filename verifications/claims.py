"""Every move of a queued message, each one conditional UPDATE.

A claim is a worker's right to send: nobody else has it until it runs out, and who has lost it moves
nothing more. Messages of one request whose fate is unknown are claimed together or not at all, as
they may only be repeated together.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from . import conf, metrics, request_ids, rows
from .fates import Moved, Waits
from .models import DeliveryAttempt, Message

logger = logging.getLogger(__name__)

QUEUED = Message.Status.QUEUED
_CODE_PATIENCE = timedelta(seconds=10)  # since a shopper waits, and the queue of codes is short
IN_DOUBT = (DeliveryAttempt.Outcome.OPEN, DeliveryAttempt.Outcome.UNCERTAIN)


def take(ids: Collection[UUID]) -> tuple[UUID, list[Message]]:
    """(the claim, which of these messages are ours now), with all that share a request with them
    whose fate is unknown."""
    claim, now = uuid4(), timezone.now()
    wanted = set(ids) | _companions(ids)
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    Message.objects.filter(free, pk__in=sorted(wanted), status=QUEUED).update(
        claim=claim, claimed_until=_end(now), due_at=_end(now)
    )
    # Always in one order, since a request that is repeated has to be the same to the letter.
    ours = Message.objects.filter(pk__in=wanted, claim=claim, status=QUEUED)
    unread = ("claim", "claimed_until", "due_at", "updated_at")  # a fifth of the work of reading
    return claim, list(ours.order_by("created_at", "pk").defer(*unread))


def _companions(ids: Collection[UUID]) -> set[UUID]:
    doubts = DeliveryAttempt.objects.filter(outcome__in=IN_DOUBT)
    requests = doubts.filter(message_id__in=ids).values_list("request_id", flat=True)
    if not (shared := set(requests)):
        return set()
    return set(doubts.filter(request_id__in=shared).values_list("message_id", flat=True))


def hold(messages: Iterable[Message]) -> UUID:
    """A claim on messages that are not written yet."""
    claim, end = uuid4(), _end(timezone.now())
    for message in messages:
        message.claim, message.claimed_until, message.due_at = claim, end, end
    return claim


def renew(claim: UUID, messages: Collection[Message]) -> set[UUID]:
    """Which of them are still ours; for those the claim starts anew."""
    now = timezone.now()
    ids = [message.pk for message in messages]
    ours = Message.objects.filter(pk__in=ids, claim=claim, status=QUEUED, claimed_until__gt=now)
    if ours.update(claimed_until=_end(now), due_at=_end(now)) == len(ids):
        return set(ids)
    return set(ours.values_list("pk", flat=True))


def settle(
    claim: UUID, fates: Sequence[Moved | Waits], attempts: Sequence[DeliveryAttempt] = ()
) -> bool:
    """Write what became of these tries, and move what is still ours.

    Whether a report on their texts may have come before.
    """
    if len(fates) == len(attempts) == 1 and isinstance(fate := fates[0], Moved):
        moved, early = rows.settle(claim, attempts[0], fate.status, fate.reason, timezone.now())
        _moved(fate, moved)
        return early
    if fates or attempts:
        with transaction.atomic():
            rows.note(attempts)
            for fate in _alike(fates):
                _settle(claim, fate)
    return bool(attempts)


def _settle(claim: UUID, fate: Moved | Waits) -> None:
    now = timezone.now()
    ids = [message.pk for message in fate.messages]
    ours = Message.objects.filter(pk__in=ids, claim=claim, status=QUEUED)
    if isinstance(fate, Waits):
        ours.update(
            claim=None,
            claimed_until=None,
            due_at=now + timedelta(seconds=fate.seconds),
            rounds=F("rounds") + 1,
            reason=fate.reason,
        )
        return
    moved = ours.update(
        status=fate.status, reason=fate.reason, updated_at=now, claim=None, claimed_until=None
    )
    _moved(fate, moved)


def _moved(fate: Moved, count: int) -> None:
    metrics.MESSAGES.labels(fate.messages[0].kind, fate.status).inc(count)
    if count and fate.status != Message.Status.SENT:
        _tell(fate)


def _tell(fate: Moved) -> None:
    for message in fate.messages:
        told = {"message_id": str(message.pk), "kind": message.kind, "template": message.template}
        told |= {"status": str(fate.status), "reason": fate.reason}
        with request_ids.of(message.request_id):
            logger.info("message %s: %s: %s", message.pk, fate.status, fate.reason, extra=told)


def _alike(fates: Iterable[Moved | Waits]) -> Iterator[Moved | Waits]:
    """The same, with messages of one kind that move alike together: an UPDATE for all of them."""
    together: dict[tuple[object, ...], Moved | Waits] = {}
    for fate in fates:
        alike = together.setdefault(
            (type(fate), fate.messages[0].kind, *fate[1:]), fate._replace(messages=[])
        )
        alike.messages.extend(fate.messages)
    yield from together.values()


def due(most: int) -> list[Message]:
    """Queued messages whose time has come: delayed, put off, left by a dead worker, or lost on
    their way through the queue. They are due again after REQUEUE_AFTER."""
    now = timezone.now()
    waiting = Message.objects.filter(status=QUEUED, due_at__lte=now)
    found = list(waiting.order_by("due_at").only("id", "kind")[:most])
    for kind in {message.kind for message in found}:
        ids = [message.pk for message in found if message.kind == kind]
        waiting.filter(pk__in=ids).update(due_at=queue_deadline(kind, now))
    return found


def waiting(now: datetime) -> dict[str, tuple[int, datetime | None]]:
    """{kind: (how many, when the oldest was asked for)} of what is queued and not put off until
    later: by quiet hours, that is, as all else is due again after REQUEUE_AFTER at most."""
    soon = now + timedelta(seconds=max(conf.get().requeue_after, conf.get().claim_ttl))
    queued = Message.objects.filter(status=QUEUED, due_at__lte=soon).order_by()
    found = queued.values_list("kind").annotate(Count("pk"), Min("created_at"))
    nothing: dict[str, tuple[int, datetime | None]] = dict.fromkeys(Message.Kind.values, (0, None))
    return nothing | {kind: (count, oldest) for kind, count, oldest in found}


def queue_deadline(kind: str, now: datetime) -> datetime:
    """When a message that is put into the queue now is put there once more."""
    patience = timedelta(seconds=conf.get().requeue_after)
    if kind != Message.Kind.NOTICE:
        patience = min(patience, _CODE_PATIENCE)
    return now + patience


def _end(now: datetime) -> datetime:
    return now + timedelta(seconds=conf.get().claim_ttl)


def withdraw(message: Message, reason: str, status: Message.Status = Message.Status.FAILED) -> bool:
    """Give up a message that no worker has taken since it was read; False if one has."""
    # A worker that takes it and puts it off counts a round.
    ours = Message.objects.filter(pk=message.pk, claim=None, status=QUEUED, rounds=message.rounds)
    moved = ours.update(status=status, reason=reason, updated_at=timezone.now())
    metrics.MESSAGES.labels(message.kind, status).inc(moved)
    return bool(moved)
