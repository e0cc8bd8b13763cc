"""What becomes of a text after a platform took it: status reports (状态报告), applied to messages.

A report may come twice, late, before our own `sent` is committed, or for a text that is not ours.
It moves a message by conditional UPDATE, and never out of a terminal state.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from . import breakers, metrics
from .models import DeliveryAttempt, EarlyReceipt, Message
from .providers import Receipt
from .providers.carriers import explain

logger = logging.getLogger(__name__)

_KEPT = timedelta(days=1)  # for a report on a text that we do not know
_MOMENT = timedelta(minutes=15)  # with all that a stopped beat may add
_MOVABLE = (Message.Status.QUEUED, Message.Status.SENT, Message.Status.UNKNOWN)
_MAY_ARRIVE = (
    DeliveryAttempt.Outcome.OPEN,
    DeliveryAttempt.Outcome.SENT,
    DeliveryAttempt.Outcome.UNCERTAIN,
)


def apply(provider: str, receipts: Iterable[Receipt]) -> None:
    """Apply a platform's reports; those on a text that we do not know are kept for a day."""
    for receipt in map(_fitting, receipts):
        if not _apply(provider, receipt):
            _keep(provider, receipt)


def catch_up(provider: str, message_ids: Iterable[str]) -> None:
    """Apply the reports that came before we knew these ids (the platform's)."""
    _claim(EarlyReceipt.objects.filter(provider=provider, message_id__in=list(message_ids)))


def catch_up_lately(now: datetime) -> None:
    """Apply the reports that came in the very moment in which their texts were written as sent:
    too late for rows.settle() to see them, and too early to see those."""
    ours = DeliveryAttempt.objects.filter(
        provider=OuterRef("provider"), provider_message_id=OuterRef("message_id")
    )
    _claim(EarlyReceipt.objects.filter(Exists(ours), received_at__gte=now - _MOMENT))


def _claim(kept: Iterable[EarlyReceipt]) -> None:
    for early in kept:
        told = Receipt(early.message_id, "", early.phone, early.delivered, early.code)
        if _apply(early.provider, told):
            early.delete()


def forget_unclaimed(now: datetime) -> int:
    """Drop the reports that nobody's text claimed for a day; how many there were."""
    dropped, _ = EarlyReceipt.objects.filter(received_at__lt=now - _KEPT).delete()
    return dropped


def _fitting(receipt: Receipt) -> Receipt:
    """As our columns take it: what does not fit is nobody's text, and stops no other's report."""
    return Receipt(
        _cut(receipt.message_id, 64),
        _cut(receipt.request_id, 32),
        _cut(receipt.phone, 16),
        receipt.delivered,
        _cut(receipt.code, 64),
    )


def _cut(text: str, most: int) -> str:
    """At most so many characters, without those that PostgreSQL cannot keep."""
    return text.encode(errors="ignore").decode().replace("\0", "")[:most]


def _keep(provider: str, receipt: Receipt) -> None:
    """Keep it first and look again then: a `sent` that is committed meanwhile either is seen here
    or sees it (catch_up)."""
    metrics.RECEIPTS.labels(provider, "unknown").inc()
    early, _ = EarlyReceipt.objects.get_or_create(
        provider=provider,
        message_id=receipt.message_id or receipt.request_id,
        phone=receipt.phone,
        defaults={"delivered": receipt.delivered, "code": receipt.code},
    )
    if _apply(provider, receipt):
        early.delete()


def _apply(provider: str, receipt: Receipt) -> bool:
    """False for a text that we do not know."""
    attempt = _attempt_of(provider, receipt)
    if attempt is None:
        return False
    arrival = DeliveryAttempt.Arrival.UNDELIVERED
    if receipt.delivered:
        arrival = DeliveryAttempt.Arrival.DELIVERED
    with transaction.atomic():
        first = DeliveryAttempt.objects.filter(pk=attempt.pk, arrival="").update(
            arrival=arrival, arrival_code=receipt.code, arrived_at=timezone.now()
        )
        if first:
            _move(attempt, receipt)
    metrics.RECEIPTS.labels(provider, arrival if first else "duplicate").inc()
    if first:
        _tell_breaker(provider, receipt)
    return True


def _attempt_of(provider: str, receipt: Receipt) -> DeliveryAttempt | None:
    """By the platform's id; by ours, which it echoes, where the text is not known as sent yet."""
    known = Q()
    if receipt.message_id:
        known |= Q(provider_message_id=receipt.message_id, provider=provider)
    if receipt.request_id:
        known |= Q(request_id=receipt.request_id, provider=provider)
    if not known:
        return None
    return (
        DeliveryAttempt.objects.select_related("message")
        .filter(known, message__phone=receipt.phone)
        .order_by("-started_at")
        .first()
    )


def _move(attempt: DeliveryAttempt, receipt: Receipt) -> None:
    status, reason = Message.Status.DELIVERED, ""
    if not receipt.delivered:
        others = DeliveryAttempt.objects.filter(
            message_id=attempt.message_id, arrival="", outcome__in=_MAY_ARRIVE
        )
        if others.exclude(request_id=attempt.request_id).exists():
            return  # a code went through another platform too, and may arrive from there
        status, reason = Message.Status.UNDELIVERED, receipt.code
    message = Message.objects.filter(pk=attempt.message_id, status__in=_MOVABLE)
    now = timezone.now()
    if message.update(status=status, reason=reason, updated_at=now):
        _tell(attempt, status, reason, (now - attempt.message.created_at).total_seconds())


def _tell(attempt: DeliveryAttempt, status: Message.Status, reason: str, seconds: float) -> None:
    kind, provider = attempt.message.kind, attempt.provider
    metrics.MESSAGES.labels(kind, status).inc()
    if status == Message.Status.DELIVERED:
        metrics.DELIVERY.labels(kind, provider).observe(seconds)
        return
    told = {"message_id": str(attempt.message_id), "kind": kind, "provider": provider}
    told |= {"status": str(status), "code": reason}
    logger.info("message %s: %s: %s", attempt.message_id, status, reason, extra=told)


def _tell_breaker(provider: str, receipt: Receipt) -> None:
    """A phone that is switched off says nothing of the platform."""
    if not receipt.delivered and not explain(receipt.code).blames_platform:
        return
    if breakers.report(provider, ok=receipt.delivered, of="receipt"):
        logger.error(
            "%s: too many texts do not arrive (%s), passed over",
            provider,
            receipt.code,
            extra={"provider": provider, "code": receipt.code},
        )
