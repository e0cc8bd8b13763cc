"""The answer to a send, as documented: HTTP 200, one smsMessageSid a request."""

import re
from datetime import UTC, datetime

from sandbox import Sandbox
from tests.sandbox.client import Client


def test_shape(client: Client) -> None:
    answer = client.send()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
    body = answer.json()
    assert set(body) == {"statusCode", "templateSMS"}
    assert set(body["templateSMS"]) == {"smsMessageSid", "dateCreated"}


def test_the_stray_blank_of_the_document(client: Client) -> None:
    sid = client.send().json()["templateSMS"]["smsMessageSid"]
    assert re.fullmatch(" [0-9a-f]{32}", sid)


def test_each_request_has_its_own_sid(client: Client) -> None:
    sids = {client.send().json()["templateSMS"]["smsMessageSid"] for _ in range(5)}
    assert len(sids) == 5


def test_date_is_shanghais() -> None:
    with Sandbox(clock=lambda: datetime(2025, 12, 31, 16, 0, 1, tzinfo=UTC)) as box:
        body = Client(box).send().json()
    assert body["templateSMS"]["dateCreated"] == "20260101000001"


def test_refusal(client: Client) -> None:
    answer = client.send(to="1")
    assert answer.status_code == 200
    assert answer.json() == {"statusCode": "160042", "statusMsg": "号码格式有误"}
