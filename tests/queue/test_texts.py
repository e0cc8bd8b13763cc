"""With workers: the request answers at once, and the text arrives."""

from collections.abc import Callable

import pytest

from tests.queue.stack import Stack
from tests.until import until

pytestmark = pytest.mark.live


def test_a_code_is_queued_sent_and_delivered(stack: Stack, phone: str) -> None:
    answer = stack.send(phone)
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    until(lambda: stack.status(answer.json()["id"]) == "delivered")
    assert len(stack.texts(phone)) == 1


def test_notices_go_out(stack: Stack, new_phone: Callable[[], str]) -> None:
    phones = [new_phone() for _ in range(250)]
    answer = stack.notify(phones)
    assert answer.status_code == 202
    assert {message["status"] for message in answer.json()["messages"]} == {"queued"}
    wanted = {f"+86{phone}": 1 for phone in phones}
    until(lambda: wanted.items() <= stack.counts().items())
