"""Whether two samples come from one distribution: two tests, each with its p-value.

Both are for large samples (a hundred and more), by their asymptotic distributions.
"""

import math
from collections.abc import Sequence


def kolmogorov_smirnov(a: Sequence[float], b: Sequence[float]) -> float:
    """p of the largest distance between the two cumulative distributions: sees any difference."""
    left, right = sorted(a), sorted(b)
    i = j = 0
    largest = 0.0
    while i < len(left) and j < len(right):
        value = min(left[i], right[j])
        while i < len(left) and left[i] == value:
            i += 1
        while j < len(right) and right[j] == value:
            j += 1
        largest = max(largest, abs(i / len(left) - j / len(right)))
    effective = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    # Stephens (1970): brings the limit close for samples of any size.
    return _kolmogorov((effective + 0.12 + 0.11 / effective) * largest)


def _kolmogorov(x: float) -> float:
    """Q(x) = 2 sum (-1)^(k-1) exp(-2 k^2 x^2)."""
    if x < 0.2:
        return 1.0  # where the sum converges slowly, and is 1 to twelve digits
    terms = ((-1.0) ** (k - 1) * math.exp(-2 * (k * x) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * sum(terms)))


def mann_whitney(a: Sequence[float], b: Sequence[float]) -> float:
    """Two-sided p of the sum of ranks: sees that one is mostly longer than the other."""
    ranked = sorted([(value, 0) for value in a] + [(value, 1) for value in b])
    rank_sum, ties, start = 0.0, 0.0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        rank = (start + 1 + end) / 2  # the mean of those that are equal
        rank_sum += rank * sum(side == 0 for _, side in ranked[start:end])
        ties += (end - start) ** 3 - (end - start)
        start = end
    n, m = len(a), len(b)
    total = n + m
    mean = n * m / 2
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 1.0  # all are equal
    distance = abs(rank_sum - n * (n + 1) / 2 - mean)
    return math.erfc(max(0.0, distance - 0.5) / math.sqrt(2 * variance))
