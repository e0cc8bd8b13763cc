"""How long texts took: percentiles, from counts by the bucket (models/rollups.py)."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .models.rollups import ANSWER_MS, ANSWERS, ARRIVAL_S, ARRIVALS


class Times(NamedTuple):
    """How long it took half of them at most, 95 and 99 of a hundred: None where there are none,
    infinite where it is more than is counted."""

    p50: float | None
    p95: float | None
    p99: float | None


def answers_ms(columns: Mapping[str, int]) -> Times:
    return _times(columns, ANSWERS, ANSWER_MS)


def arrivals_s(columns: Mapping[str, int]) -> Times:
    return _times(columns, ARRIVALS, ARRIVAL_S)


def _times(columns: Mapping[str, int], names: Sequence[str], bounds: Sequence[int]) -> Times:
    counts = [columns[name] for name in names]
    return Times(*(percentile(counts, bounds, share) for share in (0.5, 0.95, 0.99)))


def percentile(counts: Sequence[int], bounds: Sequence[int], share: float) -> float | None:
    """The time within which that share of all lies; right to its bucket, of which it is taken that
    times are spread evenly. `counts` has one more than `bounds`: what is above them all."""
    rank, below, lower = math.ceil(share * sum(counts)), 0, 0
    if not rank:
        return None
    for count, upper in zip(counts, bounds, strict=False):
        if below + count >= rank:
            return lower + (upper - lower) * (rank - below) / count
        below, lower = below + count, upper
    return math.inf
