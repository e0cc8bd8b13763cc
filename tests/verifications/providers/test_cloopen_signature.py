"""Byte for byte against requests captured from the vendor's own SDK, and against the sandbox."""

import json
from base64 import b64decode
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.verifications.providers import vectors
from verifications.providers import Text
from verifications.providers.cloopen import Cloopen

VECTORS = vectors.load("cloopen")
names = pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])


def _sent(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> requests.PreparedRequest:
    """What would go on the wire for the inputs of a vector."""
    inputs = vector["inputs"]
    moment = datetime.fromtimestamp(inputs["epoch"], ZoneInfo("UTC"))
    provider = Cloopen(
        account_sid=inputs["account_sid"],
        auth_token=inputs["auth_token"],
        app_id=inputs["app_id"],
        clock=lambda: moment,
    )
    params = {str(i): value for i, value in enumerate(inputs["datas"])}
    phones = ["+86" + number for number in inputs["to"].split(",")]
    text = Text(phones, inputs["template_id"], params, "a" * 32)
    return vectors.captured(lambda: provider.send(text), monkeypatch)


@names
def test_the_url_with_its_sig_is_the_vendors(
    vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _sent(vector, monkeypatch)
    assert (sent.method, sent.url) == (vector["request"]["method"], vector["request"]["url"])


@names
def test_the_headers_are_the_vendors(
    vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _sent(vector, monkeypatch)
    captured = dict(vector["request"]["headers"])
    for name in ("Authorization", "Content-Type", "Accept"):
        assert sent.headers[name] == captured[name]


@names
def test_the_body_is_the_vendors_and_our_request_id(
    vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _sent(vector, monkeypatch)
    assert isinstance(sent.body, bytes)
    ours = json.loads(sent.body)
    assert ours.pop("reqId") == "a" * 32
    assert json.dumps(ours) == vector["request"]["body"]


def test_one_time_of_shanghai_is_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 23:59:59 UTC on New Year's Eve, Shanghai writes 2026, and knows no summer time."""
    sent = _sent(VECTORS[0], monkeypatch)
    assert b64decode(sent.headers["Authorization"]).endswith(b":20260101075959")
