"""Without its broker a code is refused quickly and costs nothing; a notice goes out later."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.queue.stack import Stack
from tests.until import until

pytestmark = pytest.mark.live


@pytest.fixture
def stopped(stack: Stack, new_phone: Callable[[], str]) -> Iterator[Stack]:
    """The broker is away, after the web's connection to it was in use."""
    stack.send(new_phone())
    stack.broker.stop()
    yield stack
    if not stack.broker.running:
        stack.broker.start()


@pytest.fixture
def frozen(stack: Stack, new_phone: Callable[[], str]) -> Iterator[Stack]:
    """The broker keeps its connections and says nothing."""
    stack.send(new_phone())
    stack.broker.freeze()
    yield stack
    stack.broker.thaw()


def _refused(stack: Stack, phone: str) -> float:
    """How many seconds it took to refuse a code."""
    started = time.monotonic()
    answer = stack.send(phone)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    return time.monotonic() - started


def test_a_code_is_refused_quickly_and_costs_nothing(stopped: Stack, phone: str) -> None:
    # More often than a phone may ask in an hour.
    took = [_refused(stopped, phone) for _ in range(7)]
    assert max(took) < 2
    stopped.broker.start()
    until(lambda: stopped.send(phone).status_code == 202, seconds=5)
    until(lambda: stopped.texts(phone))


def test_a_notice_goes_out_when_it_is_back(stopped: Stack, phone: str) -> None:
    answer = stopped.notify([phone])
    assert answer.status_code == 202
    stopped.broker.start()
    until(lambda: stopped.texts(phone))
    time.sleep(1)
    assert len(stopped.texts(phone)) == 1


def test_a_silent_broker_is_given_up(
    frozen: Stack, phone: str, new_phone: Callable[[], str]
) -> None:
    # A call that went through just before vouches for the next.
    until(lambda: frozen.send(new_phone()).status_code == 503)
    took = [_refused(frozen, phone) for _ in range(3)]
    assert max(took) < 4
    frozen.broker.thaw()
    until(lambda: frozen.send(phone).status_code == 202, seconds=5)
    until(lambda: frozen.texts(phone))
