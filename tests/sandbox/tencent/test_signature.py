"""TC3-HMAC-SHA256 and the other headers, each thing wrong in turn."""

import json
from datetime import UTC, datetime

import pytest

from sandbox import Sandbox
from tests.sandbox.tencent.client import Client, error, response

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
FIVE = 300


def ask(client: Client, **headers: str | None) -> str:
    answer = client.ask("SendSms", client.message(), **headers)  # type: ignore[arg-type]
    if "SendStatusSet" in response(answer):
        return "Ok"
    assert client.texts() == []
    return error(answer)


def signed_at(client: Client, seconds: int, date: str | None = None) -> str:
    timestamp = str(int(MIDNIGHT.timestamp()) + seconds)
    body = json.dumps(client.message(), ensure_ascii=False).encode()
    authorization = client.authorization(body, timestamp, date)
    return ask(client, x_tc_timestamp=timestamp, authorization=authorization)


def test_right(client: Client) -> None:
    assert ask(client) == "Ok"


@pytest.mark.parametrize("value", ["", "x", "TC3-HMAC-SHA256 Credential=a", None])
def test_authorization_of_another_form(client: Client, value: str | None) -> None:
    assert ask(client, authorization=value) == "AuthFailure.InvalidAuthorization"


def test_a_header_that_must_be_signed_is_not(client: Client) -> None:
    timestamp = str(int(client.box.world.time().timestamp()))
    right = client.authorization(b"", timestamp)
    for names in ("host", "content-type", "host;content-type", "content-type;host;x-tc-other"):
        wrong = right.replace("SignedHeaders=content-type;host", f"SignedHeaders={names}")
        assert ask(client, authorization=wrong) == "AuthFailure.InvalidAuthorization"


def test_another_header_is_signed_in_lower_case(client: Client) -> None:
    timestamp = str(int(client.box.world.time().timestamp()))
    body = json.dumps(client.message(), ensure_ascii=False).encode()
    authorization = client.authorization(body, timestamp, x_tc_action="sendsms")
    assert ask(client, x_tc_timestamp=timestamp, authorization=authorization) == "Ok"


def test_content_type_counts_byte_for_byte(client: Client) -> None:
    for other in ("application/json", "application/json;charset=utf-8"):
        assert ask(client, content_type=other) == "AuthFailure.SignatureFailure"


def test_another_type_of_body(client: Client) -> None:
    timestamp = str(int(client.box.world.time().timestamp()))
    body = json.dumps(client.message(), ensure_ascii=False).encode()
    authorization = client.authorization(body, timestamp, content_type="text/plain")
    headers = {"x_tc_timestamp": timestamp, "authorization": authorization}
    assert ask(client, content_type="text/plain", **headers) == "UnsupportedProtocol"


def test_unknown_secret_id(box: Sandbox) -> None:
    assert ask(Client(box, secret_id="nobody")) == "AuthFailure.SecretIdNotFound"


def test_wrong_secret_key(box: Sandbox) -> None:
    assert ask(Client(box, secret_key="wrong")) == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize(
    ("seconds", "date", "code"),
    [
        (FIVE, None, "Ok"),
        (-FIVE, None, "Ok"),
        (FIVE + 1, None, "AuthFailure.SignatureExpire"),
        (-FIVE - 1, None, "AuthFailure.SignatureExpire"),
        (-1, "2025-12-31", "Ok"),
        (-1, "2026-01-01", "AuthFailure.SignatureFailure"),
    ],
)
def test_five_minutes_and_their_date(seconds: int, date: str | None, code: str) -> None:
    with Sandbox(clock=lambda: MIDNIGHT) as box:
        assert signed_at(Client(box), seconds, date) == code


@pytest.mark.parametrize("value", ["x", "1767225600.5", "-1", "", "9" * 12, None])
def test_not_a_timestamp(client: Client, value: str | None) -> None:
    assert ask(client, x_tc_timestamp=value) == "InvalidParameter"


def test_region(client: Client) -> None:
    assert ask(client, x_tc_region=None) == "MissingParameter"
    assert ask(client, x_tc_region="mars") == "UnsupportedRegion"


def test_another_version(client: Client) -> None:
    assert ask(client, x_tc_version="2019-07-11") == "NoSuchVersion"


def test_another_action(client: Client) -> None:
    assert error(client.ask("SendSmses", {})) == "InvalidAction"


def test_another_method(client: Client) -> None:
    assert error(client.ask("SendSms", client.message(), method="PUT")) == "UnsupportedProtocol"
