"""`manage.py prune_messages --older-than 90d`: forget what nobody needs any more."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management import CommandError
from django.db.models import Q, QuerySet
from django.utils import timezone

from verifications import partitions
from verifications.management import base
from verifications.models import DeliveryAttempt, IdempotencyKey, Message, PickupCode
from verifications.partitions import Month

_BATCH = 1000  # rows a transaction, so that no lock is held for long
_CLOCKS_DIFFER = timedelta(hours=1)  # `created_at` may be of Redis' clock, an id is of ours


class Command(base.Command):
    help = (
        "Deletes messages with their attempts, and pickup codes that were redeemed, cancelled or "
        "expired, once they are that old; and idempotency keys that have expired. What is queued "
        "stays. On PostgreSQL, months of which nothing is left to keep are dropped whole. May be "
        "ended and run again."
    )
    examples = (
        ("manage.py prune_messages --older-than 90d --dry-run", "how many those are"),
        ("manage.py prune_messages --older-than 90d", "daily, from cron or a timer"),
        ("manage.py prune_messages --older-than 90d --whole-months", "the same for millions a day"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than", type=_age, required=True, metavar="90d")
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument(
            "--whole-months",
            action="store_true",
            help="keep a month (of UTC) until all of it is that old",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cutoff = timezone.now() - options["older_than"]
        if options["whole_months"]:
            cutoff = partitions.month_of(cutoff).start
        old = _old(cutoff)
        if options["dry_run"]:
            self._tell("Would delete", _count(*old))
            return
        counts, left = Counter[str](), sum(rows.count() for rows in old)
        try:
            with base.ctrl_c_waits() as asked, self.progress(left, "rows") as advance:
                for done in _forget(cutoff, *old):
                    counts.update(done)
                    count = sum(done[rows.model._meta.label] for rows in old)
                    advance(count)
                    left -= count
                    if asked():
                        break
        except partitions.Locked:
            raise CommandError("A long transaction holds on to the texts; run it again.") from None
        finally:
            self._tell("Deleted", counts)
        if asked() and left > 0:
            self.stdout.write(f"Ended by Ctrl-C, {left} are left. Run it again to go on.")
            raise SystemExit(base.INTERRUPTED)

    def _tell(self, word: str, counts: Counter[str]) -> None:
        kinds = (Message, DeliveryAttempt, PickupCode, IdempotencyKey)
        told = [f"{counts[kind._meta.label]} of {kind.__name__}" for kind in kinds]
        self.stdout.write(f"{word} {', '.join(told)}.")


def _age(text: str) -> timedelta:
    found = re.fullmatch("([1-9][0-9]{0,3})d", text)
    if not found:
        raise ArgumentTypeError("days are expected, such as 90d; at least 1d")
    return timedelta(days=int(found[1]))


def _old(cutoff: datetime) -> tuple[QuerySet[Any], ...]:
    over = Q(redeemed_at__lt=cutoff) | Q(cancelled_at__lt=cutoff) | Q(expires_at__lt=cutoff)
    return (
        Message.objects.filter(created_at__lt=cutoff).exclude(status=Message.Status.QUEUED),
        PickupCode.objects.filter(over),
        IdempotencyKey.objects.filter(expires_at__lt=timezone.now()),
    )


def _count(*old: QuerySet[Any]) -> Counter[str]:
    counts = Counter({rows.model._meta.label: rows.count() for rows in old})
    attempts = DeliveryAttempt.objects.filter(message__in=old[0])
    counts[DeliveryAttempt._meta.label] = attempts.count()
    return counts


def _forget(cutoff: datetime, *old: QuerySet[Any]) -> Iterator[Counter[str]]:
    """What each transaction has deleted, as long as there is something."""
    for month in partitions.before(cutoff):
        if not _has_to_stay(month, cutoff):
            yield from _drop(month)
    for rows in old:
        yield from _delete(rows)


def _has_to_stay(month: Month, cutoff: datetime) -> bool:
    """Whether it has texts that are queued or young. A queued one of an earlier month may have its
    tries in this one."""
    first, end = month.ids
    queued = Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=month.end)
    young = Message.objects.filter(
        pk__gte=first, pk__lt=end, created_at__gt=cutoff + _CLOCKS_DIFFER
    )
    return queued.exists() or young.exists()


def _drop(month: Month) -> Iterator[Counter[str]]:
    """The tries first, also those that were made when the month was over: no try is ever left
    without its message."""
    first, end = month.ids
    yield Counter({DeliveryAttempt._meta.label: partitions.drop(partitions.ATTEMPTS, month)})
    yield from _delete(DeliveryAttempt.objects.filter(message_id__gte=first, message_id__lt=end))
    yield Counter({Message._meta.label: partitions.drop(partitions.MESSAGES, month)})


def _delete(rows: QuerySet[Any]) -> Iterator[Counter[str]]:
    while ids := list(rows.values_list("pk", flat=True)[:_BATCH]):
        yield Counter(rows.model._default_manager.filter(pk__in=ids).delete()[1])
