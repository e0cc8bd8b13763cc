"""The body: known fields of the right types, read strictly."""

import pytest

from tests.sandbox.client import Client, status


def send_raw(client: Client, body: bytes) -> str:
    return status(client.post("SMS/TemplateSMS", body))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", 13800138000),
        ("to", ["13800138000"]),
        ("appId", 1),
        ("templateId", 1),
        ("datas", "6532"),
        ("datas", ["6532", 5]),
        ("datas", {"1": "6532"}),
        ("subAppend", 8888),
        ("reqId", 7),
        ("reqId", True),
        ("extra", "x"),
        ("TO", "13800138000"),
    ],
)
def test_wrong_type_or_unknown(client: Client, field: str, value: object) -> None:
    assert client.code(**{field: value}) == "160031"
    assert client.texts() == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b'{"to": "13800138000", "to": "13900139000"}',
        b'{"to": "\\ud800"}',
        b"[" * 100_000,
        b"{'to': '13800138000'}",
    ],
)
def test_unreadable(client: Client, body: bytes) -> None:
    assert send_raw(client, body) == "160031"


def test_null_is_no_string(client: Client) -> None:
    assert send_raw(client, b'{"to": null}') == "160031"


def test_no_body(client: Client) -> None:
    assert send_raw(client, b"") == "112604"
