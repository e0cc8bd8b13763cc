"""What operators look at that nobody counts: budgets, breakers, what waits, and what answers.

Read when somebody asks. What is out of reach is left out and its `up` is 0, so that an answer
comes all the same.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from django.db import Error
from django.utils import timezone
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from . import breakers, budgets, claims, conf, metrics, outbox, routing, store
from .exceptions import Unavailable
from .models import Message

_TRUST = 5.0  # seconds that a look at the queue is believed without another


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(metrics.registry()) + generate_latest(_live)


class Gauges(Collector):
    def __init__(self) -> None:
        self._looked: tuple[float, list[Metric]] = (0.0, [])

    def describe(self) -> list[Metric]:
        return []  # or collect() would be called when it is registered

    def collect(self) -> Iterator[Metric]:
        yield from _of_redis()
        until, queue = self._looked
        if until <= time.monotonic():
            queue = list(_of_database())
            self._looked = time.monotonic() + _TRUST, queue
        yield from queue


def _of_redis() -> Iterator[Metric]:
    try:
        store.ping()
    except Unavailable:
        yield GaugeMetricFamily("verifications_redis_up", "Whether Redis answers", 0)
        return
    yield GaugeMetricFamily("verifications_redis_up", "Whether Redis answers", 1)
    with suppress(Unavailable):
        yield _breakers()
    with suppress(Unavailable):
        yield from _budgets()


def _breakers() -> Metric:
    family = GaugeMetricFamily(
        "verifications_breaker_open",
        "Whether a platform is passed over",
        labels=["provider"],
    )
    for name in routing.platforms(conf.get()):
        family.add_metric([name], breakers.seconds_open(name) > 0)
    return family


def _budgets() -> list[Metric]:
    labels = ["scope", "window"]
    spent = GaugeMetricFamily(
        "verifications_budget_spent_yuan", "Spent in the running hour or day", labels=labels
    )
    limit = GaugeMetricFamily(
        "verifications_budget_limit_yuan", "What may be spent in an hour or day", labels=labels
    )
    full = GaugeMetricFamily(
        "verifications_budget_full", "Whether not one text more fits", labels=labels
    )
    for one in budgets.spent():
        values = [one.scope or "everyone", one.window]
        spent.add_metric(values, float(one.spent))
        limit.add_metric(values, float(one.limit))
        full.add_metric(values, one.full)
    return [spent, limit, full]


def _of_database() -> Iterator[Metric]:
    now = timezone.now()
    try:
        found = claims.waiting(now)
        with suppress(Unavailable):
            found[Message.Kind.CODE] = _with_outbox(*found[Message.Kind.CODE])
    except Error:
        yield GaugeMetricFamily("verifications_database_up", "Whether the database answers", 0)
        return
    yield GaugeMetricFamily("verifications_database_up", "Whether the database answers", 1)
    count = GaugeMetricFamily(
        "verifications_messages_waiting",
        "Messages that are queued and not put off until later",
        labels=["kind"],
    )
    age = GaugeMetricFamily(
        "verifications_oldest_waiting_age_seconds", "Age of the oldest of these", labels=["kind"]
    )
    for kind, (messages, oldest) in found.items():
        count.add_metric([kind], messages)
        age.add_metric([kind], max(0.0, (now - oldest).total_seconds()) if oldest else 0)
    yield from (count, age)


def _with_outbox(messages: int, oldest: datetime | None) -> tuple[int, datetime | None]:
    """Codes wait in Redis until a worker writes their rows."""
    taken = outbox.waiting()
    return messages + taken.messages, min(filter(None, (oldest, taken.since)), default=None)


_live = CollectorRegistry()
_live.register(Gauges())
