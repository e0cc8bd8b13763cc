"""Workers that are killed while they send lose nothing and send no notice twice."""

import time
from collections.abc import Callable, Iterator

import pytest
import requests

from tests.queue.stack import Stack
from tests.until import until

pytestmark = pytest.mark.live


@pytest.fixture
def slow(stack: Stack) -> Iterator[Stack]:
    """The platform takes the next two texts, and two seconds to say so."""
    stack.fault(kind="slow", delay=2, times=2)
    yield stack
    requests.delete(f"{stack.sandbox_url}/sandbox/faults", timeout=10)


def test_a_code_is_delivered_and_a_notice_arrives_once(
    slow: Stack, new_phone: Callable[[], str]
) -> None:
    shopper, customer = new_phone(), new_phone()
    code_id = slow.send(shopper).json()["id"]
    slow.notify([customer])
    until(lambda: slow.texts(shopper) and slow.texts(customer))
    slow.end("worker-codes", "worker-notices", kill=True)
    killed = time.monotonic()
    slow.run("worker-codes", "worker-notices")
    until(lambda: slow.status(code_id) == "delivered", seconds=40)
    assert len({text["text"] for text in slow.texts(shopper)}) == 1  # the same code, maybe twice
    # The claims of the dead run out after five seconds, and beat looks every five.
    time.sleep(max(0.0, killed + 13 - time.monotonic()))
    assert len(slow.texts(customer)) == 1
