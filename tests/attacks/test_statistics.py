"""The two tests that look for a difference in time."""

import random
from collections.abc import Callable, Sequence

import pytest

from tests.attacks.statistics import _kolmogorov, kolmogorov_smirnov, mann_whitney

Test = Callable[[Sequence[float], Sequence[float]], float]
BOTH = pytest.mark.parametrize("test", [kolmogorov_smirnov, mann_whitney])


def _sample(chance: random.Random, count: int, shift: float = 0.0) -> list[float]:
    return [chance.gauss(25, 2) + shift for _ in range(count)]


@BOTH
def test_equal_samples_are_alike(test: Test) -> None:
    sample = _sample(random.Random(1), 500)
    assert test(sample, sample) > 0.99


@BOTH
def test_a_small_shift_of_many_is_seen(test: Test) -> None:
    chance = random.Random(2)
    assert test(_sample(chance, 5000), _sample(chance, 5000, 0.3)) < 1e-6


@BOTH
def test_chance_is_seen_as_often_as_p_says(test: Test) -> None:
    chance = random.Random(3)
    ps = [test(_sample(chance, 200), _sample(chance, 300)) for _ in range(1000)]
    for level in (0.01, 0.05, 0.5):
        assert sum(p < level for p in ps) / 1000 == pytest.approx(level, rel=0.25, abs=0.007)


def test_a_wider_spread_is_seen_by_the_distance_alone() -> None:
    chance = random.Random(4)
    narrow = _sample(chance, 2000)
    wide = [25 + 2 * (value - 25) for value in _sample(chance, 2000)]
    assert kolmogorov_smirnov(narrow, wide) < 1e-6
    assert mann_whitney(narrow, wide) > 0.01


@BOTH
def test_samples_that_do_not_overlap(test: Test) -> None:
    assert test([1.0] * 50 + [2.0] * 50, [3.0] * 100) < 1e-9


@BOTH
def test_values_that_are_all_equal_tell_nothing(test: Test) -> None:
    assert test([1.0] * 100, [1.0] * 80) == 1


def test_the_critical_values_of_the_tables() -> None:
    """Smirnov (1948): 1.358 for 5 %, 1.628 for 1 %."""
    assert _kolmogorov(1.358) == pytest.approx(0.05, abs=2e-4)
    assert _kolmogorov(1.628) == pytest.approx(0.01, abs=1e-4)


def test_ranks_of_a_worked_example() -> None:
    """By hand: U = 4 of 25, mean 12.5, variance 25 * 11 / 12, and half a step of continuity."""
    a, b = [1.0, 2, 3, 4, 9], [5.0, 6, 7, 8, 10]
    assert mann_whitney(a, b) == pytest.approx(0.0947, abs=1e-3)
