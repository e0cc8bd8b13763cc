"""A text's way through the database, step by step, as the product goes it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from unittest import mock
from uuid import UUID

from django.utils import timezone

from verifications import arrivals, claims, delivery, notices, tasks
from verifications.models import DeliveryAttempt, Message
from verifications.providers import Receipt
from verifications.services import look_up_code, send_code

from . import calls

_PARAMS = {"order": "D1", "company": "SF", "number": "SF1"}
_BATCH = 100

Step = tuple[str, Callable[[], object]]


def steps() -> Iterator[Step]:
    """Each is to be done before the next is asked for."""
    (phone, _), (queued, _) = calls.phones(2)
    yield "send, inline", partial(send_code, phone, "login")
    yield "look_up_code", partial(look_up_code, str(*_of([phone])))
    with _queue():
        yield "send, queue", partial(send_code, queued, "login")  # which asks the database nothing
    yield "worker, a code", delivery.collect
    yield from _notices()
    yield "sweep", partial(claims.due, 10_000)
    left = Message.objects.filter(status="queued", kind="notice").order_by("-pk")
    yield "worker, left over", partial(delivery.deliver, [message.pk for message in left[:10]])
    yield from _receipts()
    yield "what waits", partial(claims.waiting, timezone.now())


def _notices() -> Iterator[Step]:
    to = [phone for phone, _ in calls.phones(_BATCH)]
    notify = partial(notices.notify, to, "shipped", _PARAMS, idempotency_key="walk")
    with _queue():
        yield "notify, 100", notify
        yield "notify again", notify
    yield "notices.answered", partial(notices.answered, "walk")
    yield "worker, 100", partial(delivery.deliver, _of(to))


def _receipts() -> Iterator[Step]:
    """On texts of the past."""
    tries = DeliveryAttempt.objects.filter(outcome="sent", arrival="").select_related("message")
    by_theirs, by_ours, lost = tries.order_by("-started_at")[30:33]
    for step, one, receipt in (
        ("receipt, their id", by_theirs, _receipt(by_theirs)),
        ("receipt, our id", by_ours, _receipt(by_ours, ours=True)),
        ("receipt, lost text", lost, _receipt(lost, delivered=False)),
        ("receipt, nobody's", lost, Receipt("nobody's", "", lost.message.phone, True, "")),
    ):
        yield step, partial(arrivals.apply, one.provider, [receipt])
    yield "catch_up", partial(arrivals.catch_up, lost.provider, ["nobody's"])
    yield "forget", partial(arrivals.forget_unclaimed, timezone.now())


def _receipt(one: DeliveryAttempt, *, ours: bool = False, delivered: bool = True) -> Receipt:
    theirs = "" if ours else one.provider_message_id
    return Receipt(theirs, one.request_id if ours else "", one.message.phone, delivered, "MK:0012")


def _of(phones: Sequence[str]) -> list[UUID]:
    """The ids of their texts."""
    texts = Message.objects.filter(phone__in=[f"+86{phone}" for phone in phones])
    return list(texts.values_list("pk", flat=True))


def _queue() -> "mock._patch[object]":
    """What is queued waits for us, instead of for a worker."""
    return mock.patch.multiple(
        tasks, broker=lambda: "ours", _put=lambda queue, ids: None, _call=lambda: None
    )
