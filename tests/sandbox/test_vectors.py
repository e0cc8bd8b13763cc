"""What the vendor's SDK sent is accepted, byte for byte, at the time it was sent."""

import json

import pytest

from sandbox import Sandbox
from tests.sandbox.client import exchange
from tests.sandbox.vectors import VECTORS, Vector


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_captured_request_is_accepted(vector: Vector) -> None:
    with Sandbox(clock=lambda: vector.at) as box:
        status, body = exchange(box, vector.raw())
        texts = box.world.phones.messages()
    sent = json.loads(vector.body)
    assert (status, json.loads(body)["statusCode"]) == (200, "000000")
    assert [text.phone for text in reversed(texts)] == [f"+86{n}" for n in sent["to"].split(",")]
    assert all(sent["datas"][0] in text.text and sent["datas"][1] in text.text for text in texts)


def test_all_vectors_are_there() -> None:
    assert {vector.name for vector in VECTORS} >= {"single_chinese", "two_numbers"}
