"""A worker whose threads were all busy while its broker was away takes tasks again."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
import requests

from tests.queue.stack import Stack
from tests.queue.watched import STRANGER
from tests.until import until

pytestmark = pytest.mark.live

THREADS = 16  # of deploy/systemd/dadashop-worker-codes.service


@pytest.fixture
def busy(stack: Stack, new_phone: Callable[[], str]) -> Iterator[Stack]:
    """Each thread waits for the platform, for some seconds more."""
    stack.end("worker-codes")
    stack.run("worker-codes", app="tests.queue.watched")
    stack.fault(kind="slow", delay=5, times=THREADS)
    phones = [new_phone() for _ in range(THREADS)]
    for phone in phones:
        assert stack.send(phone).status_code == 202
    until(lambda: all(map(stack.texts, phones)))
    yield stack
    requests.delete(f"{stack.sandbox_url}/sandbox/faults", timeout=10)
    stack.end("worker-codes")
    stack.run("worker-codes")


def _accepted(stack: Stack, phone: str) -> bool:
    return stack.send(phone).status_code == 202


def test_the_next_code_arrives(busy: Stack, new_phone: Callable[[], str]) -> None:
    busy.broker.stop()
    busy.broker.start()
    later = [new_phone() for _ in range(3)]
    for phone in later:
        until(partial(_accepted, busy, phone), seconds=5)
    until(lambda: all(map(busy.texts, later)), seconds=60)
    assert STRANGER not in busy.log.read_text()
