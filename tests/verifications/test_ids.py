"""Ids sort by the time they were made at, and nobody guesses another's."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import RFC_4122

import pytest

from verifications import ids

THEN = datetime(2027, 3, 4, 5, 6, 7, 891_000, UTC)
RANDOM = (1 << 80) - 1 & ~(0xF << 76 | 0x3 << 62)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=THEN)
    told = SimpleNamespace(time_ns=lambda: round(clock.now.timestamp() * 1000) * 1_000_000)
    monkeypatch.setattr(ids, "time", told)
    return clock


def test_it_is_what_the_standard_says() -> None:
    one = ids.uuid7()
    assert (one.version, one.variant) == (7, RFC_4122)


def test_it_begins_with_the_milliseconds(at: SimpleNamespace) -> None:
    assert ids.uuid7().int >> 80 == round(THEN.timestamp() * 1000)


def test_a_later_one_is_greater(at: SimpleNamespace) -> None:
    earlier = ids.uuid7()
    at.now += timedelta(milliseconds=1)
    assert ids.uuid7() > earlier


def test_a_moment_divides_what_is_made_before_and_after(at: SimpleNamespace) -> None:
    assert ids.uuid7() > ids.first_of(THEN)
    at.now -= timedelta(milliseconds=1)
    assert ids.uuid7() < ids.first_of(THEN)


def test_all_the_other_bits_are_random(at: SimpleNamespace) -> None:
    """Of 200 ids, each bit is set in some and clear in some (but once in 10^58 runs)."""
    made = [ids.uuid7().int for _ in range(200)]
    some, every = 0, ~0
    for one in made:
        some, every = some | one, every & one
    assert some & ~every & ((1 << 80) - 1) == RANDOM
    assert len(set(made)) == 200
