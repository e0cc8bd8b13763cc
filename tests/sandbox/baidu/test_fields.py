"""The fields of a send: types, and what an unknown or wrong value answers."""

from typing import Any

import pytest

from tests.sandbox.baidu.client import CODE, SEND, Client, code


def test_all_of_them(client: Client) -> None:
    more = {"custom": "c", "userExtId": "12", "merchantUrlId": "m"}
    assert client.code(**more) == "1000"
    assert client.texts() == ["【达达商城】您的验证码是6532，请于5分钟内正确输入。"]


def test_nulls_as_the_sdk_sends_them(client: Client) -> None:
    assert client.code(custom=None, userExtId=None, merchantUrlId=None) == "1000"


def test_what_nobody_knows_is_ignored(client: Client) -> None:
    assert client.code(more=1, contentVar={"code": "1", "minutes": "5", "more": "x"}) == "1000"


@pytest.mark.parametrize("name", ["mobile", "template", "signatureId", "contentVar"])
@pytest.mark.parametrize("value", [..., None, "", 1, ["x"]])
def test_required(client: Client, name: str, value: Any) -> None:
    answer = client.send(**{name: value})
    assert (answer.status_code, code(answer)) == (400, "InappropriateJSON")


@pytest.mark.parametrize("name", ["custom", "userExtId", "merchantUrlId"])
@pytest.mark.parametrize("value", [1, {}, True])
def test_optional_of_another_type(client: Client, name: str, value: object) -> None:
    assert client.code(**{name: value}) == "InappropriateJSON"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"a": 1, "a": 1}', b'"\\ud800"', b"[" * 9999]
)
def test_not_json(client: Client, body: bytes) -> None:
    answer = client.request("POST", SEND, body)
    assert (answer.status_code, code(answer)) == (400, "MalformedJSON")


@pytest.mark.parametrize("body", [b"[]", b"1", b"null"])
def test_not_an_object(client: Client, body: bytes) -> None:
    assert code(client.request("POST", SEND, body)) == "InappropriateJSON"


@pytest.mark.parametrize("media", [None, "text/plain", "application/json;charset=gbk"])
def test_another_media_type(client: Client, media: str | None) -> None:
    answer = client.request("POST", SEND, b"{}", headers={"Content-Type": media})
    assert code(answer) == "InvalidHTTPRequest"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"signatureId": "sms-sign-other"}, "B:00008"),
        ({"template": "sms-tmpl-other"}, "B:00007"),
        ({"template": "sms-tmpl-promo000001"}, "B:00007"),
        ({"contentVar": {"code": 6532, "minutes": "5"}}, "B:00001"),
        ({"contentVar": {"code": "6532"}}, "B:00014"),
        ({"contentVar": {}}, "B:00014"),
        ({"userExtId": "1a"}, "B:00005"),
        ({"userExtId": "１"}, "B:00005"),
        ({"mobile": ",".join(f"138{n:08d}" for n in range(201))}, "B:00015"),
    ],
)
def test_refused(client: Client, changes: dict[str, Any], expected: str) -> None:
    answer = client.send(**changes)
    assert (answer.status_code, code(answer)) == (200, expected)
    assert client.texts() == []


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        (
            CODE,
            {"code": "${minutes}", "minutes": "5"},
            "您的验证码是${minutes}，请于5分钟内正确输入。",
        ),
        (
            "sms-tmpl-shipped0001",
            {"order": "D1", "company": "顺丰", "number": "\"'&<>\\😀"},
            "您的订单D1已由顺丰发出，运单号\"'&<>\\😀。",
        ),
        (
            "sms-tmpl-pickup00001",
            {"code": "77", "order": "D1", "until": "周五"},
            "您的提货码是77，订单D1，请于周五前到店取货。",
        ),
    ],
)
def test_text(client: Client, template: str, values: dict[str, str], text: str) -> None:
    assert client.code(template=template, contentVar=values) == "1000"
    assert client.texts() == [f"【达达商城】{text}"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_for_post_only(client: Client, method: str) -> None:
    answer = client.request(method, SEND)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
