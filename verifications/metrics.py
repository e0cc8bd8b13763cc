"""What operators count. `GET /metrics` shows it as Prometheus text.

Labels are bounded: a purpose is one of the settings', an outcome one of the error table,
`rate_limited` with its limit, a route the pattern of a URL. What stands in Redis and in the
database is read when somebody asks: gauges.py.
"""

import itertools
import os
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from . import tally
from .exceptions import RateLimited, UnknownPurpose, VerificationError

P = ParamSpec("P")
R = TypeVar("R")

SENDS = Counter("verifications_sends_total", "Codes asked for", ["purpose", "outcome"])
CHECKS = Counter("verifications_checks_total", "Codes tried", ["purpose", "outcome"])
GUARD = Counter(
    "verifications_guard_events_total", "Sends that the guard found suspicious", ["limit", "level"]
)
# From 0 on, or the first alarm of a process would be a rise from nothing, which is none.
for _limit, _level in itertools.product(("ip", "prefix", "country"), ("uneasy", "alarmed")):
    GUARD.labels(_limit, _level)
MESSAGES = Counter("verifications_messages_total", "Messages moved", ["kind", "status"])
RECEIPTS = Counter("verifications_receipts_total", "Receipts read", ["provider", "outcome"])
BUDGETS = Counter(
    "verifications_budget_events_total", "Budgets spent", ["scope", "window", "event"]
)
ATTEMPTS = Histogram(
    "verifications_provider_duration_seconds",
    "Time an SMS platform took to answer",
    ["provider", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
DELIVERY = Histogram(
    "verifications_delivery_duration_seconds",
    "Time from asking for a text to the report that it arrived",
    ["kind", "provider"],
    buckets=(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 3600),
)
TASKS = Histogram(
    "verifications_task_duration_seconds",
    "Time a task of the queue took",
    ["task", "outcome"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120),
)
HTTP = Histogram(
    "verifications_http_request_duration_seconds",
    "Time a request took",
    ["route", "method", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def registry() -> CollectorRegistry:
    """What this process counts; what all do, where they share PROMETHEUS_MULTIPROC_DIR.

    Without that each worker of a web server would answer with its own counts.
    """
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def counted(counter: Counter) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Count the outcome of a use case, called as (phone, purpose, ...): `ok` or the refusal."""

    def decorate(use_case: Callable[P, R]) -> Callable[P, R]:
        @cache
        def of(purpose: str, outcome: str) -> Counter:  # finding it takes longer than counting
            return counter.labels(purpose, outcome)

        def count(purpose: str, outcome: str) -> None:
            of(purpose, outcome).inc()
            tally.add(use_case.__name__, purpose, outcome)

        @wraps(use_case)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            purpose = str(args[1] if len(args) > 1 else kwargs["purpose"])
            try:
                result = use_case(*args, **kwargs)
            except UnknownPurpose as refusal:
                count("other", refusal.code)
                raise
            except RateLimited as refusal:
                count(purpose, f"{refusal.code}_{refusal.extras['limit']}")
                raise
            except VerificationError as refusal:
                count(purpose, refusal.code)
                raise
            count(purpose, "ok")
            return result

        return wrapper

    return decorate
