"""The id of a request goes with its texts: into the queue, and into the threads that send."""

import json
import re
from collections.abc import Callable
from contextvars import Context

import pytest

from tests.conftest import Configure
from tests.verifications.platforms import SHIPPED, Fake
from tests.waiting import Waiting
from verifications import request_ids, tasks
from verifications.models import Message
from verifications.services import notify_each, send_code

pytestmark = pytest.mark.django_db(transaction=True)  # as a task is put once all is committed


def _named(waiting: Waiting) -> list[str]:
    """The ids in the headers of what lies in the queue of codes."""
    return [json.loads(raw)["headers"]["request_id"] for raw in waiting("codes")]


def test_a_task_carries_it(waiting: Waiting, phone: str) -> None:
    own = request_ids.start()
    send_code(phone, "login")
    assert {*_named(waiting)} == {own}


def test_each_run_of_a_clocks_task_has_one_of_its_own(
    waiting: Waiting, queued_code: Callable[[], Message], travel: Callable[[float], None]
) -> None:
    request_ids.start("of-the-request")
    queued_code()
    for _ in range(2):
        travel(30)
        assert tasks.sweep() == 1
    swept = [one for one in _named(waiting) if one != "of-the-request"]
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in swept)
    assert len(swept) == len({*swept}) == 2


def test_a_task_that_is_told_none_has_one_of_its_own(
    waiting: Waiting, queued_code: Callable[[], Message], first: Fake
) -> None:
    seen: list[str] = []
    first.meanwhile = lambda _: seen.append(request_ids.current())
    message = queued_code()
    Context().run(tasks.deliver, [message.pk.hex])
    assert re.fullmatch("[0-9a-f]{32}", seen[0])


def test_threads_that_send_know_it(
    first: Fake, new_phone: Callable[[], str], configure: Configure
) -> None:
    seen: list[str] = []
    first.meanwhile = lambda _: seen.append(request_ids.current())
    own = request_ids.start()
    notify_each("shipped", [(new_phone(), {**SHIPPED, "order": f"D{n}"}) for n in range(3)])
    assert seen == [own] * 3
