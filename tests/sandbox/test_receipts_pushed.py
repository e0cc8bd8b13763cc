"""Status reports are pushed as the platform documents them, and go wrong on demand."""

import time
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import requests

from sandbox import Sandbox
from tests.sandbox.client import TIMEOUT, XML, Client
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
    sent = client.send(reqId="a1", subAppend="8888").json()["templateSMS"]
    path, media, body = listener.pushes.get(timeout=5)
    assert path == "/v1/receipts/cloopen/s?a=b"
    assert media == "application/json;charset=utf-8"
    assert body == {
        "Request": {
            "action": "SMSArrived",
            "smsType": "1",
            "apiVersion": "2013-12-26",
            "content": sent["smsMessageSid"].strip(),
            "fromNum": "13800138000",
            "dateSent": sent["dateCreated"],
            "deliverCode": "DELIVRD",
            "recvTime": sent["dateCreated"],
            "status": "0",
            "reqId": "a1",
            "smsCount": "1",
            "spCode": "106908768888",
        }
    }


def test_one_a_number(client: Client, listener: Listener) -> None:
    client.send(to="13800138000,13900139000")
    numbers = {listener.next()["fromNum"] for _ in range(2)}  # pushed side by side
    assert numbers == {"13800138000", "13900139000"}
    assert listener.quiet()


def test_a_long_text_counts_its_parts(client: Client, listener: Listener) -> None:
    client.send(datas=["9" * 71, "5"])
    assert listener.next()["smsCount"] == "2"


def test_nothing_for_a_refused_send(client: Client, listener: Listener) -> None:
    client.send(to="1")
    assert listener.quiet()


def test_pushed_is_not_pulled(client: Client, listener: Listener) -> None:
    client.send()
    listener.next()
    time.sleep(0.05)
    assert client.pull() == []


def test_none(client: Client, listener: Listener) -> None:
    client.fault("no_receipt")
    client.send()
    assert listener.quiet()
    assert len(client.texts()) == 1


def test_late(client: Client, listener: Listener) -> None:
    client.fault("late_receipt", delay=0.4)
    start = time.monotonic()
    client.send()
    client.send(to="13900139000")
    assert [listener.next()["fromNum"] for _ in range(2)] == ["13900139000", "13800138000"]
    assert 0.35 < time.monotonic() - start < 3


def test_twice(client: Client, listener: Listener) -> None:
    client.fault("duplicate_receipt")
    client.send()
    assert listener.next() == listener.next()
    assert listener.quiet()


def test_failed(client: Client, listener: Listener) -> None:
    client.fault("failed_receipt", code="MK:0001")
    client.send()
    report = listener.next()
    assert (report["status"], report["deliverCode"]) == ("1", "MK:0001")
    assert client.texts() == []


def test_a_fault_for_one_number(client: Client, listener: Listener) -> None:
    client.fault("no_receipt", phone="13800138000")
    client.send(to="13800138000,13900139000")
    assert listener.next()["fromNum"] == "13900139000"
    assert listener.quiet()


@pytest.mark.parametrize("kind", ["timeout_after", "torn", "empty"])
def test_the_answer_lost_the_report_comes(client: Client, listener: Listener, kind: str) -> None:
    client.fault(kind, **({"delay": 0.01} if kind == "timeout_after" else {}))
    try:
        client.send()
    except requests.RequestException:
        assert kind != "empty"
    assert listener.next()["status"] == "0"


def test_a_push_that_fails_can_be_pulled(client: Client, listener: Listener) -> None:
    listener.status = 500
    client.send()
    listener.next()
    deadline = time.monotonic() + 5
    while not (reports := client.pull()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [report["fromNum"] for report in reports] == ["13800138000"]


def test_counted(client: Client, listener: Listener) -> None:
    client.send()
    listener.next()
    url = f"{client.box.url}/sandbox/receipts"
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        told = client.session.get(url, timeout=TIMEOUT).json()
        if told["pushed"]:
            break
    assert told.pop("targets")["cloopen"] == listener.url
    assert told == {
        "waiting": 0,
        "kept": 0,
        "pushed": 1,
        "failed": 0,
    }


def test_xml_for_a_text_asked_for_in_xml(client: Client, listener: Listener) -> None:
    to = "13800138000"
    body = (
        f"<TemplateSMS><appId>{client.account.app_id}</appId><to>{to}</to><templateId>1</templateId>"
        "<datas><data>1</data><data>5</data></datas><subAppend>8888</subAppend></TemplateSMS>"
    )
    sent = client.post("SMS/TemplateSMS", body.encode(), Content_Type=XML).json()["templateSMS"]
    headers, raw = listener.heard.get(timeout=5)
    assert headers["Content-Type"] == XML
    root = ElementTree.fromstring(raw)
    assert (root.tag, [(node.tag, node.text) for node in root]) == (
        "Request",
        [
            ("action", "SMSArrived"),
            ("smsType", "1"),
            ("recvTime", sent["dateCreated"]),
            ("apiVersion", "2013-12-26"),
            ("fromNum", to),
            ("appendCode", "8888"),
            ("content", sent["smsMessageSid"].strip()),
            ("status", "0"),
            ("dateSent", sent["dateCreated"]),
        ],
    )
