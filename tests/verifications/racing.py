"""Many threads at once, each with a connection of its own to the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def race(threads: int, act: Callable[[int], T]) -> list[T]:
    """What act(0), act(1), ... gave, which started together."""
    barrier = Barrier(threads)

    def run(number: int) -> T:
        barrier.wait()
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))
