"""`manage.py prune_messages --older-than 90d`: forget what nobody needs any more."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from verifications.management import base
from verifications.models import DeliveryAttempt, IdempotencyKey, Message, PickupCode

_BATCH = 1000  # rows a transaction, so that no lock is held for long


class Command(base.Command):
    help = (
        "Deletes messages with their attempts, and pickup codes that were redeemed, cancelled or "
        "expired, once they are that old; and idempotency keys that have expired. What is queued "
        "stays. May be ended and run again."
    )
    examples = (
        ("manage.py prune_messages --older-than 90d --dry-run", "how many those are"),
        ("manage.py prune_messages --older-than 90d", "daily, from cron or a timer"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than", type=_age, required=True, metavar="90d")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        old = _old(timezone.now() - options["older_than"])
        if options["dry_run"]:
            self._tell("Would delete", _count(*old))
            return
        counts, left = Counter[str](), sum(rows.count() for rows in old)
        try:
            with base.ctrl_c_waits() as asked, self.progress(left, "rows") as advance:
                for model, ids in _batches(*old):
                    counts.update(model._default_manager.filter(pk__in=ids).delete()[1])
                    advance(len(ids))
                    left -= len(ids)
                    if asked():
                        break
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


def _batches(*old: QuerySet[Any]) -> Iterator[tuple[type[Model], list[Any]]]:
    """(model, keys): a transaction's worth, as long as there is one."""
    for rows in old:
        while ids := list(rows.values_list("pk", flat=True)[:_BATCH]):
            yield rows.model, ids
