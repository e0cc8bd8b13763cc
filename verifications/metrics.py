"""What operators count. `GET /metrics` shows it as Prometheus text.

Labels are bounded: a purpose is one of the settings', an outcome one of the error table,
`rate_limited` with its limit.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from .exceptions import RateLimited, UnknownPurpose, VerificationError

P = ParamSpec("P")
R = TypeVar("R")

SENDS = Counter("verifications_sends_total", "Codes asked for", ["purpose", "outcome"])
CHECKS = Counter("verifications_checks_total", "Codes tried", ["purpose", "outcome"])
ATTEMPTS = Histogram(
    "verifications_provider_seconds",
    "Time an SMS platform took to answer",
    ["provider", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def exposition() -> bytes:
    """All of it in Prometheus' text format; of all workers where they share a directory.

    Without PROMETHEUS_MULTIPROC_DIR each worker of a web server would answer with its own counts.
    """
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return generate_latest(shared)


def counted(counter: Counter) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Count the outcome of a use case, called as (phone, purpose, ...): `ok` or the refusal."""

    def decorate(use_case: Callable[P, R]) -> Callable[P, R]:
        @wraps(use_case)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            purpose = str(args[1] if len(args) > 1 else kwargs["purpose"])
            try:
                result = use_case(*args, **kwargs)
            except UnknownPurpose as refusal:
                counter.labels("other", refusal.code).inc()
                raise
            except RateLimited as refusal:
                counter.labels(purpose, f"{refusal.code}_{refusal.extras['limit']}").inc()
                raise
            except VerificationError as refusal:
                counter.labels(purpose, refusal.code).inc()
                raise
            counter.labels(purpose, "ok").inc()
            return result

        return wrapper

    return decorate
