"""What the dashboard shows, as numbers: from the sums of the hours, and from Redis what is so now.

Each function is one panel, asks for itself, and may fail alone: with Unavailable where Redis is
away, with django.db.Error where the database is.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from operator import add
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone

from . import breakers, budgets, conf, routing
from .latencies import Times, answers_ms, arrivals_s
from .models import Hour, HourlyAttempts, HourlyCount, Message
from .models.rollups import ANSWERS, ARRIVALS

# Where a platform took a text, or may have.
_OUT = (
    Message.Status.SENT,
    Message.Status.DELIVERED,
    Message.Status.UNDELIVERED,
    Message.Status.UNKNOWN,
)
_MOST_ERRORS = 20
_PLAIN = ("taken", "rejected", "unavailable", "uncertain", "delivered", "undelivered")
_DAILY_ABOVE = 7  # days

budget = budgets.spent


class Range(NamedTuple):
    """`slots` are the starts of its hours, or of its days."""

    slots: tuple[datetime, ...]
    daily: bool

    @property
    def since(self) -> datetime:
        return self.slots[0]


class Totals(NamedTuple):
    sent: int
    delivered: int
    asked: int  # codes that were asked for and sent
    verified: int
    answer_ms: Times
    arrival_s: Times


class Slot(NamedTuple):
    start: datetime
    sent: int
    delivered: int
    verified: int


class Funnel(NamedTuple):
    """Of codes alone."""

    asked: int  # refused ones too
    sent: int
    delivered: int
    verified: int


class Fate(NamedTuple):
    """Of the texts that one platform was asked to carry, or that were for one carrier's phones."""

    name: str
    taken: int
    rejected: int
    unavailable: int
    uncertain: int
    delivered: int
    undelivered: int
    answer_ms: Times
    arrival_s: Times


class Refusal(NamedTuple):
    use_case: str
    outcome: str
    times: int


class Failure(NamedTuple):
    """A code of a platform's, or of a carrier's that a platform reported."""

    source: Literal["platform", "carrier"]
    platform: str
    code: str
    times: int
    last: datetime  # the hour that it came in last


class Breaker(NamedTuple):
    platform: str
    seconds_open: float


def last_days(days: int) -> Range:
    """Up to now: by the hour up to a week, then by the day of TIME_ZONE."""
    now = timezone.now().astimezone(ZoneInfo(conf.get().time_zone))
    if days <= _DAILY_ABOVE:
        current = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        hours = range(24 * days - 1, -1, -1)
        return Range(tuple(current - timedelta(hours=back) for back in hours), daily=False)
    dates = (now.date() - timedelta(days=back) for back in range(days - 1, -1, -1))
    return Range(
        tuple(datetime.combine(date, time_of_day(), now.tzinfo) for date in dates), daily=True
    )


def rolled_at() -> datetime | None:
    """When something was summed up last."""
    latest: datetime | None = Hour.objects.aggregate(latest=Max("rolled_at"))["latest"]
    return latest


def totals(of: Range) -> Totals:
    texts = _sums(of, "message")
    columns = _columns(_attempts(of).aggregate(**_sum_of(ANSWERS + ARRIVALS)))
    return Totals(
        sum(texts[status] for status in _OUT),
        texts[Message.Status.DELIVERED],
        _sums(of, "send_code", outcome="ok").total(),
        _sums(of, "verify_code", outcome="ok").total(),
        answers_ms(columns),
        arrivals_s(columns),
    )


def timeline(of: Range) -> list[Slot]:
    wanted = {
        "sent": Q(series="message", outcome__in=_OUT),
        "delivered": Q(series="message", outcome=Message.Status.DELIVERED),
        "verified": Q(series="verify_code", outcome="ok"),
    }
    rows = _counts(of).filter(wanted["sent"] | wanted["verified"]).values_list("hour_id")
    sums = {name: Sum("count", filter=which, default=0) for name, which in wanted.items()}
    found = {start: [0, 0, 0] for start in of.slots}
    for hour, *counts in rows.annotate(**sums).order_by():
        if slot := found.get(_slot(of, hour)):  # none for an hour that has begun since
            slot[:] = map(add, slot, counts)
    return [Slot(start, *counts) for start, counts in found.items()]


def _slot(of: Range, hour: datetime) -> datetime:
    if not of.daily:
        return hour
    return hour.astimezone(of.since.tzinfo).replace(hour=0, minute=0)


def funnel(of: Range) -> Funnel:
    texts = _sums(of, "message", name__startswith=f"{Message.Kind.CODE}:")
    return Funnel(
        _sums(of, "send_code").total(),
        sum(texts[status] for status in _OUT),
        texts[Message.Status.DELIVERED],
        _sums(of, "verify_code", outcome="ok").total(),
    )


def fates(of: Range, by: Literal["provider", "carrier"]) -> list[Fate]:
    """The busiest first."""
    rows = _attempts(of).values(by).annotate(**_sum_of([*_PLAIN, *ANSWERS, *ARRIVALS])).order_by()
    found = [_fate(row[by], row) for row in rows]
    return sorted(found, key=lambda fate: (-fate.taken, fate.name))


def _fate(name: str, row: dict[str, Any]) -> Fate:
    columns = _columns(row)
    counts = {plain: row[f"sum_{plain}"] for plain in _PLAIN}
    return Fate(name, **counts, answer_ms=answers_ms(columns), arrival_s=arrivals_s(columns))


def refusals(of: Range) -> list[Refusal]:
    """The commonest first."""
    rows = _counts(of).filter(series__in=("send_code", "verify_code")).exclude(outcome="ok")
    grouped = rows.values_list("series", "outcome").annotate(times=Sum("count"))
    return [Refusal(*row) for row in grouped.order_by("-times", "series", "outcome")]


def failures(of: Range) -> list[Failure]:
    """The latest first, and of an hour the commonest."""
    rows = _counts(of).filter(series__in=("platform", "carrier"))
    grouped = rows.values_list("series", "name", "outcome")
    told = grouped.annotate(times=Sum("count"), last=Max("hour_id"))
    return [Failure(*row) for row in told.order_by("-last", "-times")[:_MOST_ERRORS]]


def breaker_states() -> list[Breaker]:
    names = routing.platforms(conf.get())
    return [Breaker(name, breakers.seconds_open(name)) for name in names]


def _columns(row: dict[str, Any]) -> Counter[str]:
    return Counter({name: row[f"sum_{name}"] or 0 for name in ANSWERS + ARRIVALS})


def _sum_of(columns: Iterable[str]) -> dict[str, Sum]:
    return {f"sum_{name}": Sum(name) for name in columns}


def _sums(of: Range, series: str, **which: Any) -> Counter[str]:
    rows = _counts(of).filter(series=series, **which).values_list("outcome")
    return Counter(dict(rows.annotate(Sum("count")).order_by()))


def _counts(of: Range) -> QuerySet[HourlyCount]:
    return HourlyCount.objects.filter(hour__gte=of.since)


def _attempts(of: Range) -> QuerySet[HourlyAttempts]:
    return HourlyAttempts.objects.filter(hour__gte=of.since)
