"""What the vendor's SDK sent is accepted, byte for byte, and with any bit of its proof flipped it
is not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox import Sandbox
from sandbox.accounts import Template
from sandbox.tencent import Tencent
from sandbox.tencent.accounts import Account
from tests.sandbox.client import exchange
from tests.sandbox.vectors import flips

FILE = Path(__file__).parents[2] / "vectors" / "tencent.json"
(VECTOR,) = json.loads(FILE.read_text("utf-8"))["requests"]
INPUTS, REQUEST = VECTOR["inputs"], VECTOR["request"]
BODY = REQUEST["body"].encode()
ACCOUNT = Account(
    name="the vector's",
    secret_id=INPUTS["secret_id"],
    secret_key=INPUTS["secret_key"],
    sdk_app_id=INPUTS["params"]["SmsSdkAppId"],
    sign_name=INPUTS["params"]["SignName"],
    templates=(Template(INPUTS["params"]["TemplateId"], "test", "{1} {2}", kind="code"),),
)
SIGNED = {name: value.encode() for name, value in REQUEST["headers"]}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    moment = datetime.fromtimestamp(INPUTS["epoch"], UTC)
    with Sandbox(clock=lambda: moment) as running:
        running.world.platforms = (Tencent(running.world, (ACCOUNT,)),)
        yield running


def raw(body: bytes = BODY, **changes: bytes) -> bytes:
    lines = [b"POST / HTTP/1.1"]
    for name, value in REQUEST["headers"]:
        lines.append(name.encode() + b": " + changes.get(name, value.encode()))
    return b"\r\n".join([*lines, b"", body])


def test_captured_request_is_accepted(box: Sandbox) -> None:
    status, body = exchange(box, raw())
    (sent,) = json.loads(body)["Response"]["SendStatusSet"]
    assert (status, sent["Code"], sent["PhoneNumber"]) == (200, "Ok", "+8613711112222")
    (text,) = box.world.phones.messages()
    assert (text.phone, text.text) == ("+8613711112222", "【腾讯云】123456 5")


@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Host", "X-TC-Timestamp"])
def test_a_bit_flipped_in_a_header(box: Sandbox, name: str) -> None:
    refused(box, [raw(**{name: flip}) for flip in flips(SIGNED[name])])


def test_a_bit_flipped_in_the_body(box: Sandbox) -> None:
    refused(box, [raw(flip) for flip in flips(BODY)])


def refused(box: Sandbox, requests: list[bytes]) -> None:
    assert len(requests) >= 80
    for request in requests:
        status, body = exchange(box, request)
        assert status != 200 or "Error" in json.loads(body)["Response"], (request, body)
    assert box.world.phones.messages() == []
