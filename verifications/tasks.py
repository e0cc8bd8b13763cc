"""The queue: how messages get there, and what Celery runs.

A task holds the ids of messages and nothing else. Without CELERY_BROKER_URL in Django's settings
the same work is done inside the call. Retries are not the queue's: a message that is to be sent
later is due in the database, and the sweep puts it here again.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from celery import current_app, current_task, shared_task
from django.conf import settings
from django.utils import timezone

from . import (
    arrivals,
    claims,
    conf,
    delivery,
    metrics,
    partitions,
    providers,
    request_ids,
    rollups,
)
from .exceptions import Unavailable, place_of
from .models import IdempotencyKey, Message
from .providers import SendError
from .waker import Waker

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

CODES, NOTICES = "codes", "notices"  # the queues: a code never waits behind bulk
_REQUEST_ID = "request_id"  # in the headers of a task
_CHUNK = 600  # messages a task: three requests of the platforms' 200, where the text is one
_SWEEP = 10_000  # messages a sweep
_CALL_LIFE = 60  # seconds; what lies in the outbox for longer is the sweep's


def broker() -> str | None:
    return getattr(settings, "CELERY_BROKER_URL", None)


def put(messages: Sequence[Message]) -> None:
    """Have these queued messages sent. Raises Unavailable where the queue takes them not: they
    stay due in the database."""
    for queue, kinds in (
        (CODES, (Message.Kind.CODE, Message.Kind.PICKUP)),
        (NOTICES, (Message.Kind.NOTICE,)),
    ):
        ids = [message.pk for message in messages if message.kind in kinds]
        for start in range(0, len(ids), _CHUNK):
            _put(queue, ids[start : start + _CHUNK])


def _put(queue: str, ids: list[UUID]) -> None:
    if not broker():
        delivery.deliver(ids)
        return
    try:
        headers = {_REQUEST_ID: request_ids.current()}
        deliver.apply_async(([id_.hex for id_ in ids],), queue=queue, headers=headers)
    except Exception as error:  # whatever the broker's client raises
        logger.error("queue: %s", type(error).__name__)
        raise Unavailable from error
    told = {"messages": len(ids), "message_id": str(ids[0]) if len(ids) == 1 else ""}
    logger.info("queue: %d to %s", len(ids), queue, extra=told)


def call_worker() -> None:
    """Have what lies in the outbox sent, soon: publishing takes longer than all else of a send."""
    if current_app.conf.task_always_eager:  # of a project's tests: in their transaction
        _call()
    else:
        _waker.wake()


def check() -> None:
    """Raises Unavailable unless the queue takes calls."""
    if not current_app.conf.task_always_eager:
        _waker.check()


def _call() -> None:
    try:
        headers = {_REQUEST_ID: request_ids.current()}
        collect.apply_async(queue=CODES, headers=headers, expires=_CALL_LIFE)
    except Exception as error:  # whatever the broker's client raises
        logger.error("queue: %s", type(error).__name__)
        raise Unavailable from error


_waker = Waker(lambda: _call())


def ping() -> None:
    """Raises Unavailable unless the broker answers."""
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except Exception as error:
        raise Unavailable from error


class Failed(Exception):
    """Of a task: the type of what went wrong, and the place."""


def _discreet(work: Callable[P, R]) -> Callable[P, R]:
    """What leaves a task goes into Celery's log and its events, and to whoever collects crashes
    with the values in their frames: so it is an exception without either, and raised from here."""

    @wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except Exception as error:
            what = place_of(error)
        raise Failed(what)

    return wrapper


def _watched(work: Callable[P, R]) -> Callable[P, R]:
    """Its lines in the log name the request that it belongs to, or one of its own where a clock
    has put it into the queue; how long it takes is counted."""

    @wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        request_ids.start(current_task.request.get(_REQUEST_ID))
        started, outcome = time.perf_counter(), "failed"
        try:
            result = work(*args, **kwargs)
            outcome = "ok"
        finally:
            seconds = time.perf_counter() - started
            metrics.TASKS.labels(work.__name__, outcome).observe(seconds)
        return result

    return wrapper


@shared_task(name="verifications.deliver", ignore_result=True, acks_late=True)
@_watched
@_discreet
def deliver(ids: list[str]) -> None:
    delivery.deliver([UUID(id_) for id_ in ids])


@shared_task(name="verifications.collect", ignore_result=True, acks_late=True)
@_watched
@_discreet
def collect() -> None:
    delivery.collect()


@shared_task(name="verifications.sweep", ignore_result=True)
@_watched
@_discreet
def sweep() -> int:
    """Put what is due into the queue, send what was left in the outbox, and look after reports that
    nobody has applied; how many messages were due."""
    arrivals.catch_up_lately(timezone.now())
    due = claims.due(_SWEEP)
    put(due)
    with suppress(Unavailable):  # Redis is away, and says so in the log
        delivery.collect()
    return len(due)


@shared_task(name="verifications.pull_receipts", ignore_result=True)
@_watched
@_discreet
def pull_receipts() -> None:
    """Fetch the receipts that platforms keep for us."""
    for name in conf.get().providers:
        provider = providers.build(name)
        try:
            receipts = provider.pull_receipts() if provider else []
        except SendError as error:
            logger.warning("%s: receipts not pulled: %s", name, error)
            continue
        arrivals.apply(name, receipts)


@shared_task(name="verifications.forget", ignore_result=True)
@_watched
@_discreet
def forget() -> None:
    """Drop what is kept for a day: receipts on no text of ours, idempotency keys; and the sums of
    more than a year ago. Make room for the next month."""
    arrivals.forget_unclaimed(timezone.now())
    IdempotencyKey.objects.filter(expires_at__lt=timezone.now()).delete()
    rollups.forget(timezone.now())
    partitions.make(timezone.now())


@shared_task(name="verifications.roll_up", ignore_result=True)
@_watched
@_discreet
def roll_up() -> None:
    """Sum up what was sent of late, for the dashboard."""
    rollups.keep()
