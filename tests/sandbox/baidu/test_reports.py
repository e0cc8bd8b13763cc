"""Status reports are pushed as the platform documents them, signed with the account's id."""

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Sandbox
from tests.sandbox.baidu.client import Client
from tests.sandbox.listener import Listener, listening


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as running:
        yield running


@pytest.fixture
def box(listener: Listener) -> Iterator[Sandbox]:
    with Sandbox(receipts_to=listener.url, receipt_delay=0.01) as running:
        yield running


def test_shape(client: Client, listener: Listener) -> None:
    sent = client.send(custom="order-1").json()
    headers, raw = listener.heard.get(timeout=5)
    body = json.loads(raw)
    moment = body["deliverTime"]
    assert headers["Content-Type"] == "application/json;charset=utf-8"
    assert body == {
        "code": "0",
        "requestId": sent["requestId"],
        "messageId": sent["data"][0]["messageId"],
        "mobile": "13800138000",
        "carrierCode": "DELIVRD",
        "custom": "order-1",
        "attemptCount": 1,
        "segmentCount": 1,
        "deliverTime": moment,
        "requestTime": moment,
    }
    assert abs(datetime.fromisoformat(moment) - datetime.now(UTC)) < timedelta(seconds=5)


def test_signature(client: Client, listener: Listener) -> None:
    client.send()
    headers, raw = listener.heard.get(timeout=5)
    assert abs(int(headers["timestamp"]) / 1000 - time.time()) < 5
    signed = client.account.id.encode() + headers["timestamp"].encode() + raw
    assert headers["signature"] == hashlib.md5(signed).hexdigest()


def test_one_a_number_and_none_for_a_refused_one(client: Client, listener: Listener) -> None:
    client.send(mobile="13800138000,123,13900139000")
    heard = [listener.heard.get(timeout=5) for _ in range(2)]
    assert [json.loads(raw)["mobile"] for _, raw in heard] == ["13800138000", "13900139000"]
    assert len({headers["requestId"] for headers, _ in heard}) == 2
    assert listener.heard.empty()


def test_a_long_text_counts_its_parts(client: Client, listener: Listener) -> None:
    client.send(contentVar={"code": "9" * 60, "minutes": "5"})
    assert json.loads(listener.heard.get(timeout=5)[1])["segmentCount"] == 2


def test_failed(client: Client, listener: Listener) -> None:
    client.fault("failed_receipt", code="MK:0001")
    client.send()
    body = json.loads(listener.heard.get(timeout=5)[1])
    assert (body["code"], body["carrierCode"]) == ("2", "MK:0001")
    assert client.texts() == []


def test_twice_under_one_id(client: Client, listener: Listener) -> None:
    client.fault("duplicate_receipt")
    client.send()
    first, second = (listener.heard.get(timeout=5) for _ in range(2))
    assert first[0]["requestId"] == second[0]["requestId"]
    assert first[1] == second[1]


def test_a_repeated_token_is_reported_once(client: Client, listener: Listener) -> None:
    client.send(token="a")
    client.send(token="a")
    client.send(token="b")
    sent = [json.loads(listener.heard.get(timeout=5)[1])["messageId"] for _ in range(2)]
    assert sent == ["a_13800138000", "b_13800138000"]
