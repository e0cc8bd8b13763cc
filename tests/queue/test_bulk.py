"""A code never waits behind bulk notices."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
import requests

from tests.queue.stack import Stack
from tests.until import until

pytestmark = pytest.mark.live

NOTICES, ANSWER_TIME = 5_000, 1.0


@pytest.fixture
def slow(stack: Stack) -> Iterator[Stack]:
    """The platform takes a second for each request, and reports nothing: that would go on for a
    while after this test."""
    stack.fault(kind="slow", delay=ANSWER_TIME, seconds=300)
    stack.fault(kind="no_receipt", seconds=300)
    yield stack
    requests.delete(f"{stack.sandbox_url}/sandbox/faults", timeout=10)


def test_codes_arrive_while_notices_go_out(slow: Stack, new_phone: Callable[[], str]) -> None:
    shoppers = [new_phone() for _ in range(3)]
    phones = [new_phone() for _ in range(NOTICES)]
    for start in range(0, NOTICES, 1000):
        assert slow.notify(phones[start : start + 1000]).status_code == 202
    for shopper in shoppers:
        assert slow.send(shopper).json()["status"] == "queued"
        until(partial(slow.texts, shopper))
    wanted = {f"+86{phone}" for phone in phones}
    assert wanted - slow.counts().keys(), "the notices were all out before the codes"
    until(lambda: wanted <= slow.counts().keys(), seconds=60)
    counts = slow.counts()
    assert {counts[phone] for phone in wanted} == {1}
