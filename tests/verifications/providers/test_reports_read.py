"""What is read of a report, member by member, and why another is refused."""

import hashlib
import json
from typing import Any

import pytest

from tests.verifications.providers.accounts import build
from verifications.providers import BadPush, Push, Receipt

PHONE = "+8613912345678"
CLOOPEN = {"smsType": "1", "content": "id", "fromNum": "13912345678", "status": "0"}
ALIYUN = {"phone_number": "13912345678", "success": True, "biz_id": "id"}
TENCENT = {"nationcode": "86", "mobile": "13912345678", "report_status": "SUCCESS", "sid": "id"}
BAIDU = {"code": "0", "messageId": "id", "mobile": "13912345678"}


def _push(name: str, row: Any) -> Push:
    wrapped = {"cloopen": {"Request": row}, "baidu": row}.get(name, [row])
    body = json.dumps(wrapped).encode()
    signature = hashlib.md5(b"1767225599000" + body).hexdigest()
    return Push({"timestamp": "1767225599000", "signature": signature}, body)


def _read(name: str, row: Any) -> list[Receipt]:
    return build(name).read_receipts(_push(name, row))


@pytest.mark.parametrize(
    ("name", "row", "delivered", "request_id", "code"),
    [
        ("cloopen", CLOOPEN, True, "", "0"),
        ("cloopen", {**CLOOPEN, "reqId": "our", "deliverCode": "DELIVRD"}, True, "our", "DELIVRD"),
        ("cloopen", {**CLOOPEN, "status": "1", "deliverCode": ""}, False, "", "1"),
        ("aliyun", ALIYUN, True, "", ""),
        ("aliyun", {**ALIYUN, "out_id": "our", "err_code": "DELIVERED"}, True, "our", "DELIVERED"),
        ("aliyun", {**ALIYUN, "success": False, "err_code": "MK:1"}, False, "", "MK:1"),
        ("aliyun", {**ALIYUN, "content": "of the text"}, True, "", ""),
        ("tencent", TENCENT, True, "", ""),
        ("tencent", {**TENCENT, "ext": "our", "errmsg": "DELIVRD"}, True, "our", "DELIVRD"),
        ("tencent", {**TENCENT, "report_status": "FAIL", "errmsg": "MK:1"}, False, "", "MK:1"),
        ("tencent", {**TENCENT, "nationcode": "+86"}, True, "", ""),
        ("baidu", BAIDU, True, "", "0"),
        ("baidu", {**BAIDU, "custom": "our", "carrierCode": "DELIVRD"}, True, "our", "DELIVRD"),
        ("baidu", {**BAIDU, "code": 1, "carrierCode": ""}, False, "", "1"),
        ("baidu", {**BAIDU, "content": "of the text"}, True, "", "0"),
    ],
)
def test_each_member_is_where_it_belongs(
    name: str, row: dict[str, Any], delivered: bool, request_id: str, code: str
) -> None:
    assert _read(name, row) == [Receipt("id", request_id, PHONE, delivered, code)]


@pytest.mark.parametrize(
    ("name", "uplink"),
    [
        ("cloopen", {**CLOOPEN, "smsType": "0"}),
        ("aliyun", {"phone_number": "13912345678", "content": "TD"}),
        ("baidu", {"mobile": "13912345678", "content": "TD"}),
    ],
)
def test_what_a_shopper_wrote_is_left_out(name: str, uplink: dict[str, Any]) -> None:
    assert _read(name, uplink) == []


def test_what_a_shopper_wrote_to_tencent_is_no_array() -> None:
    assert build("tencent").read_receipts(Push({}, b'{"mobile":"139","text":"TD"}')) == []


@pytest.mark.parametrize(
    ("name", "row", "why"),
    [
        ("cloopen", {**CLOOPEN, "content": None}, "content is odd or missing"),
        ("cloopen", {**CLOOPEN, "smsType": " "}, "smsType is empty"),
        ("cloopen", 7, "not an object"),
        ("aliyun", {**ALIYUN, "success": "true"}, "success is neither true nor false"),
        ("aliyun", {**ALIYUN, "biz_id": ""}, "biz_id is empty"),
        ("aliyun", 7, "not an object"),
        ("tencent", {**TENCENT, "report_status": "MAYBE"}, "is neither SUCCESS nor FAIL"),
        ("tencent", {**TENCENT, "mobile": "1"}, "not a phone number"),
        ("tencent", 7, "not an object"),
        ("baidu", {**BAIDU, "messageId": ["id"]}, "messageId is odd or missing"),
        ("baidu", 7, "not an object"),
    ],
)
def test_a_platform_is_told_what_is_wrong(name: str, row: Any, why: str) -> None:
    with pytest.raises(BadPush, match=f"{why}$"):
        _read(name, row)


@pytest.mark.parametrize("name", ["aliyun", "tencent"])
@pytest.mark.parametrize("body", [b"{}", b"7", b"null"])
def test_reports_come_as_an_array(name: str, body: bytes) -> None:
    with pytest.raises(BadPush, match=r"^not an array$"):
        build(name).read_receipts(Push({}, body))


@pytest.mark.parametrize("name", ["aliyun", "tencent"])
def test_what_is_not_json_is_called_that(name: str) -> None:
    with pytest.raises(BadPush, match=r"^not JSON$"):
        build(name).read_receipts(Push({}, b"<"))


def test_a_signature_that_is_wrong_is_called_that() -> None:
    push = _push("baidu", BAIDU)
    for headers in ({}, {**push.headers, "signature": "0" * 32}, {**push.headers, "timestamp": ""}):
        with pytest.raises(BadPush, match=r"^the signature is wrong$"):
            build("baidu").read_receipts(Push(headers, push.body))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("cloopen", b'{"statusCode":"000000"}'),
        ("aliyun", '{"code":0,"msg":"接收成功"}'.encode()),
        ("tencent", b'{"result":0,"errmsg":"OK"}'),
        ("baidu", b"{}"),
    ],
)
def test_a_push_that_was_taken_is_answered_so(name: str, answer: bytes) -> None:
    row = {"cloopen": CLOOPEN, "aliyun": ALIYUN, "tencent": TENCENT, "baidu": BAIDU}[name]
    told = build(name).acknowledge(_push(name, row))
    assert told == ("application/json;charset=utf-8", answer)
