"""One text is followed from the web to its worker, by the id that the web's answer names."""

import json
from typing import Any

import pytest

from tests.queue.stack import Stack
from tests.until import until

pytestmark = pytest.mark.live


def _lines(stack: Stack, request_id: str) -> list[dict[str, Any]]:
    """What `grep <request id>` finds in the logs of all processes."""
    found = [line for line in stack.log.read_text().splitlines() if request_id in line]
    return [json.loads(line) for line in found]


def test_a_code(stack: Stack, phone: str) -> None:
    answer = stack.send(phone)
    request_id, message_id = answer.headers["X-Request-ID"], answer.json()["id"]

    def tried() -> list[dict[str, Any]]:
        return [line for line in _lines(stack, request_id) if "provider" in line]

    until(tried)
    (worker,) = tried()
    assert worker["message_id"] == message_id
    assert (worker["provider"], worker["outcome"]) == ("cloopen", "sent")
    assert worker["latency_ms"] >= 0
    assert "phone" not in worker
    assert phone not in stack.log.read_text()


def _loggers(stack: Stack) -> set[str]:
    lines = stack.log.read_text().splitlines()
    return {json.loads(line)["logger"] for line in lines if line.startswith("{")}


def test_each_process_starts_with_lines_of_json(stack: Stack) -> None:
    until(lambda: {"_granian", "celery.apps.worker"} <= _loggers(stack))
    assert "[INFO]" not in stack.log.read_text()  # Granian's own lines
    assert "[queues]" not in stack.log.read_text()  # Celery's banner


def test_notices_go_out_under_one_id(stack: Stack, phone: str) -> None:
    phones = [phone, str(int(phone) + 5_000_000)]
    answer = stack.notify(phones, order="D1")
    request_id = answer.headers["X-Request-ID"]
    until(lambda: len(_lines(stack, request_id)) >= 2)
    assert _lines(stack, request_id)[-1]["messages"] == 2


def test_a_text_that_fails_says_so(stack: Stack, phone: str) -> None:
    stack.fault(kind="error", code="160042", phone=phone)
    answer = stack.send(phone)
    request_id, message_id = answer.headers["X-Request-ID"], answer.json()["id"]
    until(lambda: stack.status(message_id) == "failed")
    until(lambda: any(line.get("status") == "failed" for line in _lines(stack, request_id)))
    *_, tried, settled = _lines(stack, request_id)
    assert (tried["level"], tried["code"]) == ("WARNING", "160042")
    assert (settled["message_id"], settled["reason"]) == (message_id, "cloopen: 160042")
