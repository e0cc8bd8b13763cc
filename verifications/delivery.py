"""From queued messages to platforms: claim, route, fail over, settle.

Each try is written before the call and settled after it, so what a dead worker left is known by its
attempt, still `open`. A code is then sent again, since it is the same code; a notice only as a
repetition that its platform sees through (Provider.can_repeat), else it is `unknown` until a
receipt tells.
"""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from . import (
    arrivals,
    budgets,
    claims,
    conf,
    exceptions,
    ledger,
    outbox,
    planning,
    providers,
    routing,
    rows,
    store,
    tries,
)
from .database import after_commit, reachable
from .fates import Fate, Moved, Waits, judge
from .models import DeliveryAttempt, Message
from .providers import OverBudget, Rejected, Uncertain, Unreachable
from .tries import Job, Outcome, Try

logger = logging.getLogger(__name__)

R = TypeVar("R")

# Seconds for a worker to write the rows of what it took. One that takes longer may be overtaken:
# whoever writes them first sends them.
_LENT = 10.0


def deliver(ids: Collection[UUID]) -> None:
    """Send what of these messages is queued and nobody else's: a worker's work."""
    claim, messages = claims.take(ids)
    _carry(claim, planning.plan(messages))


def collect() -> None:
    """Send the codes that lie in the outbox: a worker's work. Raises Unavailable."""
    while messages := outbox.take(conf.get().concurrency, _LENT):
        claim = claims.hold(messages)
        new = _persistently(_write, messages)
        with suppress(exceptions.Unavailable):  # else they are found to have rows the next time
            outbox.drop(messages)
        _carry(claim, planning.plan_new(new))


def _write(messages: Sequence[Message]) -> Sequence[Message]:
    """Those that had no row."""
    found = Message.objects.filter(pk__in=[message.pk for message in messages])
    written = set(found.values_list("pk", flat=True))
    return Message.objects.bulk_create(one for one in messages if one.pk not in written)


def _carry(claim: UUID, fates: Sequence[Fate]) -> None:
    claims.settle(claim, _moves(fates))
    jobs = deque(_jobs(fates))
    while jobs:
        wave = _open(claim, _next_wave(jobs))
        tries.make(wave)
        fates = [fate for tried in wave for fate in judge(tried)]
        _persistently(_settle, claim, wave, fates)
        _give_back(fates)
        jobs.extend(_jobs(fates))


def deliver_now(message: Message) -> None:
    """Write a new message and send it while somebody waits; there is no later for it.

    Its status is then `sent` or `unknown`, or what a receipt says already. Raises DeliveryFailed
    where a platform refused it, RateLimited where there is no money for it, Unavailable where none
    was in reach or the database is not: then no text is on its way.
    """
    claim = claims.hold([message])
    fates = planning.fresh(message)
    _take_over(message, fates)
    jobs, outcomes = deque(_jobs(fates)), list[Outcome]()
    wave = _tries(_next_wave(jobs))
    with reachable():
        rows.insert(message, [attempt for tried in wave for attempt in tried.attempts])
    while wave:
        tries.make(wave)
        outcomes += [outcome for tried in wave for outcome in tried.outcomes]
        fates = [_at_once(fate) for tried in wave for fate in judge(tried)]
        _take_over(message, fates)
        try:
            _settle(claim, wave, fates)
        except DatabaseError as error:  # what the platform said is true all the same
            logger.error("unsettled message %s: %s", message.pk, type(error).__name__)
        jobs.extend(_jobs(fates))
        try:
            with reachable():
                wave = _open(claim, _next_wave(jobs)) if jobs else []
        except exceptions.Unavailable:
            if not any(isinstance(outcome, Uncertain) for outcome in outcomes):
                raise
            message.status, wave = Message.Status.UNKNOWN, []  # the first may have taken it
    if message.status == Message.Status.QUEUED:  # a receipt was faster than the platform's answer
        with reachable():
            message.refresh_from_db(fields=["status", "reason"])
    if message.status == Message.Status.FAILED:
        raise _refusal(outcomes)


def _refusal(outcomes: Sequence[Outcome]) -> exceptions.VerificationError:
    """What a shopper is told whom no platform has texted."""
    waits = [outcome.retry_after for outcome in outcomes if isinstance(outcome, OverBudget)]
    if waits and len(waits) == len(outcomes):
        return exceptions.RateLimited("global", min(waits))
    if all(isinstance(outcome, Unreachable | OverBudget) for outcome in outcomes):
        return exceptions.Unavailable()
    return exceptions.DeliveryFailed(
        bad_number=any(isinstance(outcome, Rejected) for outcome in outcomes)
    )


def _take_over(message: Message, fates: Iterable[Fate]) -> None:
    for fate in fates:
        if isinstance(fate, Moved):
            message.status, message.reason = fate.status, fate.reason


def _give_back(fates: Iterable[Fate]) -> None:
    """A code that no platform will text costs its phone nothing, so that its shopper may ask for
    another at once. (Of its address we know nothing here: that one's count stays.)"""
    for fate in fates:
        failed = isinstance(fate, Moved) and fate.status == Message.Status.FAILED
        if failed and fate.messages[0].kind == Message.Kind.CODE:
            for message in fate.messages:
                with suppress(exceptions.Unavailable):
                    _give_back_one(message)


def _give_back_one(message: Message) -> None:
    at_ms = round(message.created_at.timestamp() * 1000)  # which send() took from Redis
    store.give_back(ledger.of_return(message.phone), at_ms)


def _at_once(fate: Fate) -> Fate:
    if isinstance(fate, Waits):
        return Moved(fate.messages, Message.Status.FAILED, fate.reason)
    return fate


def _jobs(fates: Iterable[Fate]) -> list[Job]:
    return [fate for fate in fates if isinstance(fate, Job)]


def _moves(fates: Iterable[Fate]) -> list[Moved | Waits]:
    return [fate for fate in fates if not isinstance(fate, Job)]


def _next_wave(jobs: deque[Job]) -> list[Job]:
    """As many jobs as may be under way at once, none larger than its platform takes."""
    wave: list[Job] = []
    while jobs and len(wave) < conf.get().concurrency:
        job = jobs.popleft()
        if not job.first_sent:
            _pass_over(job)
        limit = job.route[0].batch_limit
        if len(job.messages) > limit:
            jobs.appendleft(Job(job.messages[limit:], job.route, job.params, errors=job.errors))
            job.messages = job.messages[:limit]
        wave.append(job)
    return wave


def _pass_over(job: Job) -> None:
    """Leave out the platforms that could not be paid, or whose breaker is open, if not all."""
    segments = routing.text_of(job.messages[0].template).segments
    route = routing.next_of(budgets.payable(job.route, segments=segments))
    if len(route) < len(job.route):  # so the others' refusals are not those of all
        job.errors = [*job.errors, providers.Unavailable("passed_over")]
    job.route = route


@transaction.atomic
def _open(claim: UUID, jobs: Sequence[Job]) -> list[Try]:
    """Write the tries of those messages that are still ours."""
    ours = claims.renew(claim, [message for job in jobs for message in job.messages])
    for job in jobs:
        job.messages = [message for message in job.messages if message.pk in ours]
    wave = _tries(job for job in jobs if job.messages)
    DeliveryAttempt.objects.bulk_create(attempt for tried in wave for attempt in tried.attempts)
    return wave


def _tries(jobs: Iterable[Job]) -> list[Try]:
    """Not written yet."""
    now = timezone.now()
    return [Try(job, tries.new_attempts(job, now)) for job in jobs]


def _settle(claim: UUID, wave: Sequence[Try], fates: Sequence[Fate]) -> None:
    """Write what became of the tries and of their messages."""
    their_ids: dict[str, set[str]] = defaultdict(set)
    for tried in wave:
        their_ids[tried.provider.name] |= {
            attempt.provider_message_id for attempt in tried.attempts
        }
    attempts = [attempt for tried in wave for attempt in tried.attempts]
    if not claims.settle(claim, _moves(fates), attempts):
        return

    def catch_up() -> None:
        for provider, ids in their_ids.items():
            if ids := ids - {""}:
                arrivals.catch_up(provider, ids)

    # In a transaction of the caller's, a report that comes now cannot see what it is about.
    after_commit(catch_up)


def _persistently(step: Callable[..., R], *arguments: object) -> R:
    """What a shopper has asked for, or a platform has said, is not to be lost to a database that
    restarts: try again for as long as the claim is surely ours."""
    deadline = time.monotonic() + conf.get().claim_ttl / 2
    while True:
        try:
            return step(*arguments)
        except DatabaseError as error:
            logger.error("database: %s", type(error).__name__)
            if time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.5)
