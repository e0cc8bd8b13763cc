"""SendBatchSms: each number its own signature and values, in lists that belong together."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.aliyun.client import Client, answered, gateway, parameters

VALUES = [{"code": "1111", "minutes": "5"}, {"code": "2222", "minutes": "9"}]


def send(client: Client, **changes: object) -> dict[str, Any]:
    usual: dict[str, object] = {
        "PhoneNumberJson": ["13800138000", "13900139000"],
        "SignNameJson": ["达达商城", "达达商城"],
        "TemplateParamJson": VALUES,
    }
    body = urlencode(parameters(usual | changes)).encode()
    return answered(client.ask("SendBatchSms", {"TemplateCode": "SMS_100001"}, body))


def test_each_gets_its_own(client: Client) -> None:
    assert send(client, SmsUpExtendCodeJson=["1", "2"], OutId="o")["Code"] == "OK"
    texts = {text["phone"]: text["text"] for text in client.texts()}
    assert "验证码是1111，请于5分钟" in texts["+8613800138000"]
    assert "验证码是2222，请于9分钟" in texts["+8613900139000"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("PhoneNumberJson", ["13800138000"], "isv.INVALID_PARAMETERS"),
        ("PhoneNumberJson", ["13800138000", "1"], "isv.MOBILE_NUMBER_ILLEGAL"),
        ("PhoneNumberJson", [], "isv.MOBILE_NUMBER_ILLEGAL"),
        ("PhoneNumberJson", [13800138000, 13900139000], "isv.INVALID_JSON_PARAM"),
        ("PhoneNumberJson", "13800138000", "isv.INVALID_JSON_PARAM"),
        ("PhoneNumberJson", [f"138{n:08d}" for n in range(101)], "isv.MOBILE_COUNT_OVER_LIMIT"),
        ("SignNameJson", ["达达商城"], "isv.INVALID_PARAMETERS"),
        ("SignNameJson", ["达达商城", "别家商城"], "isv.SMS_SIGNATURE_ILLEGAL"),
        ("TemplateParamJson", VALUES[:1], "isv.INVALID_PARAMETERS"),
        ("TemplateParamJson", None, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ("TemplateParamJson", ["x", "y"], "isv.INVALID_JSON_PARAM"),
        ("SmsUpExtendCodeJson", ["1"], "isv.INVALID_PARAMETERS"),
        ("SmsUpExtendCodeJson", ["1", "a"], "isv.EXTEND_CODE_ERROR"),
    ],
)
def test_refused(client: Client, name: str, value: object, code: str) -> None:
    assert send(client, **{name: value})["Code"] == code
    assert client.texts() == []


def test_a_hundred(client: Client) -> None:
    phones = [f"138{n:08d}" for n in range(100)]
    values = [VALUES[0]] * 100
    answer = send(
        client, PhoneNumberJson=phones, SignNameJson=["达达商城"] * 100, TemplateParamJson=values
    )
    assert answer["Code"] == "OK"
    assert len(client.texts()) == 100


def test_a_list_missing(client: Client) -> None:
    answer = client.ask("SendBatchSms", {"TemplateCode": "SMS_100001"})
    assert gateway(answer) == (400, "MissingPhoneNumberJson")


def test_a_fault_for_one_number(client: Client) -> None:
    client.fault("error", code="isv.BUSINESS_LIMIT_CONTROL", phone="13900139000")
    assert client.code() == "OK"
    assert send(client)["Code"] == "isv.BUSINESS_LIMIT_CONTROL"
