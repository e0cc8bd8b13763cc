"""Faults: the service's codes with HTTP 200, the gateway's with the status that is theirs."""

import pytest
import requests

from tests.sandbox.aliyun.client import Client, answered, gateway


@pytest.mark.parametrize(
    "code", ["isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "PORT_NOT_REGISTERED"]
)
def test_error_of_the_service(client: Client, code: str) -> None:
    client.fault("error", code=code, message="模拟")
    answer = client.send()
    assert (answer["Code"], answer["Message"], "BizId" in answer) == (code, "模拟", False)
    assert client.texts() == []
    assert client.code() == "OK"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("Throttling.User", 400),
        ("SignatureDoesNotMatch", 400),
        ("Forbidden.RAM", 403),
        ("InvalidAccessKeyId.NotFound", 404),
        ("InternalError", 500),
        ("ServiceUnavailable", 503),
    ],
)
def test_error_of_the_gateway(client: Client, code: str, status: int) -> None:
    client.fault("error", code=code)
    assert gateway(client.ask("SendSms", client.message())) == (status, code)
    assert client.texts() == []


def test_for_one_phone_wherever_its_number_stands(client: Client) -> None:
    client.fault("error", code="isv.DAY_LIMIT_CONTROL", phone="13900139000", times=2)
    assert client.code() == "OK"
    assert client.code(PhoneNumbers="13800138000,+8613900139000") == "isv.DAY_LIMIT_CONTROL"
    body = b"PhoneNumbers=13900139000"
    answer = answered(client.ask("SendSms", client.message(PhoneNumbers=None), body))
    assert answer["Code"] == "isv.DAY_LIMIT_CONTROL"


def test_for_another_call(client: Client) -> None:
    client.fault("error", code="isp.SYSTEM_ERROR", api="QuerySmsTemplate")
    assert client.code() == "OK"
    answer = answered(client.ask("QuerySmsTemplate", {"TemplateCode": "SMS_100001"}))
    assert answer["Code"] == "isp.SYSTEM_ERROR"


def test_a_fault_waits_while_what_comes_cannot_be_read(client: Client) -> None:
    client.fault("error", code="isp.SYSTEM_ERROR", phone="13800138000")
    client.ask("SendSms", client.message(PhoneNumbers=None), b"\xff")
    client.ask("SendBatchSms", {"PhoneNumberJson": "[1"})
    assert client.code() == "isp.SYSTEM_ERROR"


def test_the_answer_lost_the_text_arrives(client: Client) -> None:
    client.fault("torn")
    with pytest.raises(requests.RequestException):
        client.send()
    assert len(client.texts()) == 1
