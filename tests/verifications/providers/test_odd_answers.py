"""What stands in a message's row after an answer that no platform should give."""

import json
from typing import Any

import pytest

from tests.verifications.providers.accounts import build
from tests.verifications.providers.answering import Answering
from verifications.providers import Accepted, SendError, Text, Unavailable, Uncertain

PHONE, NUMBER = "+8613800138000", "13800138000"


def _outcome(name: str, url: str) -> Accepted | SendError:
    try:
        return build(name, base_url=url).send(Text([PHONE], "1", {"code": "1"}, "a" * 32))[PHONE]
    except SendError as error:
        return error


def _row(**row: Any) -> dict[str, Any]:
    return {"Response": {"SendStatusSet": [{"PhoneNumber": PHONE, **row}]}}


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("cloopen", 7, "unreadable reply"),
        ("cloopen", {"templateSMS": {}}, "no statusCode"),
        ("cloopen", {"statusCode": "000000"}, "no smsMessageSid"),
        ("cloopen", {"statusCode": "000000", "templateSMS": []}, "no smsMessageSid"),
        ("aliyun", {"Code": "OK"}, "no BizId"),
        ("aliyun", {"Message": "OK"}, "unreadable reply"),
        ("tencent", {"Response": []}, "unreadable reply"),
        ("tencent", {"Response": {}}, "no SendStatusSet"),
        ("tencent", _row(), "no status of this number"),
        ("tencent", _row(Code=""), "no status of this number"),
        ("tencent", _row(Code=7), "no status of this number"),
        ("tencent", _row(Code="Ok"), "no SerialNo"),
        ("tencent", _row(Code="Ok", SerialNo=7), "no SerialNo"),
        ("baidu", {"code": "1000"}, "no status of this number"),
        ("baidu", {"code": "1000", "data": [{"mobile": NUMBER}]}, "no status of this number"),
        ("baidu", {"code": "1000", "data": [{"mobile": NUMBER, "code": 1000}]}, "no messageId"),
        (
            "baidu",
            {"code": "1000", "data": [{"mobile": NUMBER, "code": "1000", "messageId": 7}]},
            "no messageId",
        ),
    ],
)
def test_what_says_nothing_is_uncertain(
    name: str, answer: Any, code: str, answering: Answering
) -> None:
    error = _outcome(name, answering(200, json.dumps(answer).encode()))
    assert type(error) is Uncertain
    assert (error.code, error.reason) == (code, "")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("cloopen", {"statusCode": "X.1", "statusMsg": "because"}),
        ("aliyun", {"Code": "X.1", "Message": "because"}),
        ("tencent", {"Response": {"Error": {"Code": "X.1", "Message": "because"}}}),
        ("tencent", _row(Code="X.1", Message="because")),
        ("baidu", {"code": "X.1", "message": "because"}),
        (
            "baidu",
            {"code": "1000", "data": [{"mobile": NUMBER, "code": "X.1", "message": "because"}]},
        ),
    ],
)
def test_a_refusal_is_told_in_the_platforms_words(
    name: str, answer: Any, answering: Answering
) -> None:
    error = _outcome(name, answering(200, json.dumps(answer).encode()))
    assert type(error) is Unavailable
    assert (error.code, error.reason) == ("X.1", "because")


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("cloopen", {"statusCode": "X.1"}, "X.1"),
        ("aliyun", {"Code": "X.1"}, "X.1"),
        ("aliyun", {"Code": 7}, "7"),
        ("tencent", {"Response": {"Error": {"Code": "X.1"}}}, "X.1"),
        ("tencent", {"Response": {"Error": {"Message": ""}}}, ""),
        ("tencent", {"Response": {"Error": "X.1"}}, ""),
        ("tencent", _row(Code="X.1"), "X.1"),
        ("baidu", {"code": "X.1"}, "X.1"),
    ],
)
def test_a_refusal_without_words_has_none(
    name: str, answer: Any, code: str, answering: Answering
) -> None:
    error = _outcome(name, answering(200, json.dumps(answer).encode()))
    assert type(error) is Unavailable
    assert (error.code, error.reason) == (code, "")


@pytest.mark.parametrize(
    ("name", "answer", "message_id"),
    [
        ("cloopen", {"statusCode": "000000", "templateSMS": {"smsMessageSid": " a "}}, "a"),
        ("cloopen", {"statusCode": "000000", "TemplateSMS": [{"smsMessageSid": "a"}]}, "a"),
        ("aliyun", {"Code": "OK", "BizId": "9^0"}, "9^0"),
        ("tencent", _row(Code="Ok", SerialNo="2640:1"), "2640:1"),
        (
            "baidu",
            {"code": 1000, "data": [{"mobile": NUMBER, "code": 1000, "messageId": "e"}]},
            "e",
        ),
    ],
)
def test_a_text_that_was_taken_is_known_by_its_id(
    name: str, answer: Any, message_id: str, answering: Answering
) -> None:
    url = answering(200, json.dumps(answer).encode())
    assert _outcome(name, url) == Accepted(message_id)
