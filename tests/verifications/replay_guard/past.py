"""Texts of the past, as the rows of a file."""

from collections.abc import Iterator

HEADER = "time,address,phone,verified,attack"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
NINE = 1_781_744_400  # 2026-06-18 09:00 in Shanghai


def phones(first: int = 13_100_000_000) -> Iterator[int]:
    """Each in a segment of its own."""
    return iter(range(first, 13_200_000_000, 10_000))


def attack(times: int, every: int = 1, address: str = HERE) -> list[str]:
    """Texts to as many phones from nine o'clock on, every so many seconds; nobody verifies."""
    return [
        f"{NINE + number * every},{address},{phone},0,1"
        for number, phone in zip(range(times), phones(), strict=False)
    ]


def shoppers(times: int, address: str = HERE, start: int = NINE) -> list[str]:
    """One a minute, each of whom verifies."""
    return [
        f"{start + number * 60},{address},{phone},1,0"
        for number, phone in zip(range(times), phones(13_150_000_000), strict=False)
    ]
