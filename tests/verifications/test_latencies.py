"""Percentiles from buckets: never further from the truth than the bucket it lies in."""

import math
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifications.latencies import Times, answers_ms, percentile
from verifications.models.rollups import ANSWER_MS, ANSWERS


def _counted(times: list[int]) -> list[int]:
    counts = [0] * (len(ANSWER_MS) + 1)
    for time in times:
        counts[bisect_left(ANSWER_MS, time)] += 1
    return counts


@given(
    st.lists(st.integers(1, 20_000), min_size=1, max_size=300), st.sampled_from([0.5, 0.95, 0.99])
)
def test_it_lies_in_the_bucket_of_the_true_one(times: list[int], share: float) -> None:
    true = sorted(times)[math.ceil(share * len(times)) - 1]
    found = percentile(_counted(times), ANSWER_MS, share)
    assert found is not None
    assert bisect_left(ANSWER_MS, found) == bisect_left(ANSWER_MS, true)


def test_of_nothing_there_is_none() -> None:
    assert percentile([0] * 16, ANSWER_MS, 0.5) is None
    assert answers_ms(dict.fromkeys(ANSWERS, 0)) == Times(None, None, None)


def test_above_all_bounds() -> None:
    assert percentile(_counted([5, 99_999]), ANSWER_MS, 0.99) == math.inf


@pytest.mark.parametrize(("share", "expected"), [(0.25, 12.5), (0.5, 15), (0.75, 17.5), (1, 20)])
def test_within_a_bucket_times_are_spread_evenly(share: float, expected: float) -> None:
    assert percentile(_counted([15] * 4), ANSWER_MS, share) == expected
