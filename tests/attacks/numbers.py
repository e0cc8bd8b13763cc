"""Phones and addresses, of which no two attacks share any."""

import itertools
import random
from collections.abc import Iterator

_chance = random.SystemRandom()
HONEST = "139"  # what the phones of honest shoppers start with


def apart(prefix: str, count: int) -> list[str]:
    """Phones of which each has a segment (号段) to itself, at most 10,000."""
    return [f"{prefix}{n:04d}{_chance.randrange(10_000):04d}" for n in range(count)]


def sequential(prefix: str, segments: int, each: int) -> list[str]:
    """The first numbers of some segments, one after the other."""
    return [f"{prefix}{n:04d}{i:04d}" for n in range(segments) for i in range(each)]


def addresses(network: int, count: int) -> list[str]:
    """Of 10.<network>.0.0/16, at most 62,500."""
    return [f"10.{network}.{n // 250}.{n % 250 + 1}" for n in range(count)]


def shoppers() -> Iterator[str]:
    """Phones without end, over all segments of HONEST."""
    start = _chance.randrange(10_000)
    for n in itertools.count():
        yield f"{HONEST}{(start + n) % 10_000:04d}{_chance.randrange(10_000):04d}"


def homes() -> Iterator[str]:
    """An address for each household."""
    for n in itertools.count():
        yield f"172.{16 + n // 65_000}.{n // 250 % 250}.{n % 250 + 1}"
