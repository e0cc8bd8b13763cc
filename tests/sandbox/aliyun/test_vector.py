"""What the vendor's SDK sent is accepted, byte for byte, and with any bit of its proof flipped it
is not."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import pytest

from sandbox import Sandbox
from sandbox.accounts import Template
from sandbox.aliyun import Aliyun
from sandbox.aliyun.accounts import Account
from tests.sandbox.client import exchange
from tests.sandbox.vectors import flips

FILE = Path(__file__).parents[2] / "vectors" / "aliyun.json"
(VECTOR,) = json.loads(FILE.read_text("utf-8"))["requests"]
INPUTS, REQUEST = VECTOR["inputs"], VECTOR["request"]
URL = urlsplit(REQUEST["url"])
TARGET = f"{URL.path}?{URL.query}".encode()
ACCOUNT = Account(
    name="the vector's",
    access_key_id=INPUTS["access_key_id"],
    access_key_secret=INPUTS["access_key_secret"],
    sign_name=INPUTS["params"]["sign_name"],
    templates=(Template(INPUTS["params"]["template_code"], "test", "${customer}"),),
)
SIGNED = {name.lower(): value.encode() for name, value in REQUEST["headers"]}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    moment = datetime.fromisoformat(INPUTS["timestamp"])
    with Sandbox(clock=lambda: moment) as running:
        running.world.platforms = (Aliyun(running.world, (ACCOUNT,)),)
        yield running


def raw(target: bytes = TARGET, **changes: bytes) -> bytes:
    lines = [b"POST " + target + b" HTTP/1.1"]
    for name, value in REQUEST["headers"]:
        lines.append(name.encode() + b": " + changes.get(name.lower(), value.encode()))
    return b"\r\n".join([*lines, b"", b""])


def test_captured_request_is_accepted(box: Sandbox) -> None:
    status, body = exchange(box, raw())
    assert (status, json.loads(body)["Code"]) == (200, "OK")
    (text,) = box.world.phones.messages()
    assert (text.phone, text.text) == ("+8615300000001", "【阿里云短信测试专用】test")


@pytest.mark.parametrize(
    "name", ["authorization", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256", "host"]
)
def test_a_bit_flipped_in_a_signed_header(box: Sandbox, name: str) -> None:
    refused(box, [raw(**{name: flip}) for flip in flips(SIGNED[name])])


def test_a_bit_flipped_in_the_query(box: Sandbox) -> None:
    targets = [TARGET[:2] + flip for flip in flips(TARGET[2:])]
    # %e9 is %E9: what is signed is what the query means.
    other = [target for target in targets if unquote_to_bytes(target) != unquote_to_bytes(TARGET)]
    refused(box, [raw(target=target) for target in other])


def refused(box: Sandbox, requests: list[bytes]) -> None:
    assert len(requests) > 100
    for request in requests:
        status, body = exchange(box, request)
        assert status != 200, (request, body)
    assert box.world.phones.messages() == []
