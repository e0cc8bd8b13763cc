"""Sums of what was sent, by the hour: the dashboard is as quick with ten million texts as with ten.

An hour is summed up anew, from all of its texts, as long as reports on them may come. So it does no
harm to do it twice, late, or in two processes at once. Hours are those of UTC, on which the clocks
of China are a whole number of hours ahead.

What was counted in Redis (tally.py) only ever grows, so of two counts the greater one holds: a
Redis that is away, or has lost its memory, takes nothing back.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.utils import timezone

from . import phones, tally
from .database import in_one_process
from .exceptions import Unavailable
from .models import DeliveryAttempt, Hour, HourlyAttempts, HourlyCount, Message
from .models.rollups import ANSWER_MS, ANSWERS, ARRIVAL_S, ARRIVALS

HOUR = timedelta(hours=1)
KEPT = timedelta(days=365)
_REPORTS = 72  # hours that platforms take at most to report
_EVERY_MINUTE = timedelta(seconds=50)  # of the running and the last hour, by a clock that ticks so
_EVERY_HOUR = timedelta(minutes=59)
_AT_ONCE = 6
_MOST_CODES = 100  # of all platforms in an hour; those that came less often are left out
_BEGINNING = 7  # characters of a phone that tell its carrier

Attempt = DeliveryAttempt.Outcome


class Kind(NamedTuple):
    series: str
    name: str
    outcome: str


def keep() -> int:
    """Sum up what is due: the last two hours each minute, those of three days once an hour. How
    many hours that were; the rest of them is left to the next call, as codes wait behind this."""
    due = _due(timezone.now())[:_AT_ONCE]
    for start in due:
        roll(start)
    return len(due)


def _due(now: datetime) -> list[datetime]:
    """The last two hours first, then what was summed up the longest ago."""
    hours = hours_since(now - _REPORTS * HOUR)
    rolled = dict(Hour.objects.filter(start__gte=hours[0]).values_list("start", "rolled_at"))
    never = datetime.min.replace(tzinfo=UTC)
    last = {start: rolled.get(start, never) for start in hours}
    recent = [start for start in hours[-2:] if now - last[start] >= _EVERY_MINUTE]
    others = [start for start in hours[:-2] if now - last[start] >= _EVERY_HOUR]
    return recent + sorted(others, key=last.__getitem__)


def hours_since(moment: datetime) -> list[datetime]:
    """The hours since then in which there may be texts, and the running and the last one."""
    current = _hour_of(timezone.now())
    first = Message.objects.order_by("created_at").values_list("created_at", flat=True).first()
    start = min(max(_hour_of(moment) + HOUR, _hour_of(first or current)), current - HOUR)
    return [start + n * HOUR for n in range((current - start) // HOUR + 1)]


def _hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def roll(start: datetime) -> bool:
    """Sum up the hour that begins then. False where its sums stay as they are, since another
    process has newer ones, or some of its texts are deleted."""
    now = timezone.now()
    with in_one_process():
        counts, attempts = _counts(start), _attempts(start)
    # Before the transaction: MariaDB locks the gap of a row that is not there yet, for two at once.
    Hour.objects.bulk_create([Hour(start=start, rolled_at=start)], ignore_conflicts=True)
    with transaction.atomic():
        hour = Hour.objects.select_for_update().get(pk=start)
        if hour.rolled_at >= now:
            return False
        before = {Kind(row.series, row.name, row.outcome): row.count for row in hour.counts.all()}
        Hour.objects.filter(pk=start).update(rolled_at=now)
        if _texts(before) > _texts(counts):
            return False
        counts |= {
            kind: max(count, counts.get(kind, 0))
            for kind, count in before.items()
            if kind.series in _TALLIED
        }
        hour.counts.all().delete()
        hour.attempts.all().delete()
        HourlyCount.objects.bulk_create(
            HourlyCount(hour=hour, count=count, **kind._asdict()) for kind, count in counts.items()
        )
        HourlyAttempts.objects.bulk_create(
            HourlyAttempts(hour=hour, provider=provider, carrier=carrier, **sums)
            for (provider, carrier), sums in attempts.items()
        )
    return True


def forget(now: datetime) -> None:
    """Drop the sums of more than a year ago."""
    Hour.objects.filter(start__lt=now - KEPT).delete()


_TALLIED = ("send_code", "verify_code")


def _texts(counts: dict[Kind, int]) -> int:
    return sum(count for kind, count in counts.items() if kind.series == "message")


def _counts(start: datetime) -> dict[Kind, int]:
    outcome = Case(When(withheld="", then=F("status")), default=Value("withheld"))
    texts = Message.objects.filter(created_at__gte=start, created_at__lt=start + HOUR)
    grouped = texts.values_list("kind", "template", outcome).annotate(Count("pk"))
    counts = {
        Kind("message", f"{kind}:{template}", outcome): count
        for kind, template, outcome, count in grouped.order_by()
    }
    tries = _tries(start)
    for series, codes in (
        ("platform", tries.exclude(code="").values_list("provider", "code")),
        ("carrier", tries.filter(arrival="undelivered").values_list("provider", "arrival_code")),
    ):
        most = codes.annotate(times=Count("pk")).order_by("-times")[:_MOST_CODES]
        counts |= {Kind(series, provider, code): times for provider, code, times in most}
    return counts | {Kind(*what): count for what, count in _tallied(start).items()}


def _tallied(start: datetime) -> dict[tally.Ended, int]:
    try:
        return tally.read(int(start.timestamp()) // 3600)
    except Unavailable:
        return {}


def _tries(start: datetime) -> QuerySet[DeliveryAttempt]:
    """Of the texts of the hour, but for those that nobody was sent."""
    return DeliveryAttempt.objects.filter(
        message__created_at__gte=start, message__created_at__lt=start + HOUR, message__withheld=""
    )


_SUMS: dict[str, Count] = {
    # What has a report was taken, whatever was heard when it was sent.
    "taken": Count("pk", filter=Q(outcome=Attempt.SENT) | ~Q(arrival="")),
    "rejected": Count("pk", filter=Q(outcome=Attempt.REJECTED, arrival="")),
    # Without a latency it was not asked, for want of money.
    "unavailable": Count(
        "pk", filter=Q(outcome=Attempt.UNAVAILABLE, arrival="", latency_ms__isnull=False)
    ),
    "uncertain": Count("pk", filter=Q(outcome=Attempt.UNCERTAIN, arrival="")),
    "delivered": Count("pk", filter=Q(arrival=DeliveryAttempt.Arrival.DELIVERED)),
    "undelivered": Count("pk", filter=Q(arrival=DeliveryAttempt.Arrival.UNDELIVERED)),
}
_ARRIVED = Q(arrival=DeliveryAttempt.Arrival.DELIVERED, arrived_at__isnull=False)
# How many were within a bound; the last one is all.
_WITHIN: dict[str, Count] = {
    **{
        name: Count("pk", filter=Q(latency_ms__lte=bound))
        for name, bound in zip(ANSWERS, ANSWER_MS, strict=False)
    },
    ANSWERS[-1]: Count("latency_ms"),
    **{
        name: Count(
            "pk", filter=_ARRIVED & Q(arrived_at__lte=F("started_at") + timedelta(seconds=bound))
        )
        for name, bound in zip(ARRIVALS, ARRIVAL_S, strict=False)
    },
    ARRIVALS[-1]: Count("pk", filter=_ARRIVED),
}


def _attempts(start: datetime) -> dict[tuple[str, str], dict[str, int]]:
    """{(platform, carrier): {column: sum}}. The database groups by the beginnings of phones."""
    beginning = Substr("message__phone", 1, _BEGINNING)
    grouped = _tries(start).values("provider", beginning=beginning)
    rows = cast("QuerySet[Any, dict[str, Any]]", grouped.annotate(**_SUMS, **_WITHIN))
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows.order_by():
        of = sums.setdefault((row["provider"], phones.carrier(row["beginning"])), {})
        for column, count in _in_buckets(row).items():
            of[column] = of.get(column, 0) + count
    return sums


def _in_buckets(row: dict[str, Any]) -> dict[str, int]:
    counts = {column: row[column] for column in _SUMS}
    for names in (ANSWERS, ARRIVALS):
        below = 0
        for name in names:
            counts[name] = row[name] - below
            below = row[name]
    return counts
