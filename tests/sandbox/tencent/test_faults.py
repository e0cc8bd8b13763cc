"""Faults: an error is Response.Error, or one number's status where the code is such a one."""

import pytest
import requests

from tests.sandbox.client import TIMEOUT
from tests.sandbox.tencent.client import Client, error, response

THREE = ["+8613800138000", "+8613900139000", "+8613700137000"]
LIMIT = "LimitExceeded.PhoneNumberThirtySecondLimit"


def waiting(client: Client) -> int:
    url = f"{client.box.url}/sandbox/faults"
    return len(client.session.get(url, timeout=TIMEOUT).json())


@pytest.mark.parametrize(
    "code",
    ["RequestLimitExceeded", "AuthFailure.SignatureFailure", "InternalError.Timeout",
     "LimitExceeded.PhoneNumberCountLimit"],
)  # fmt: skip
def test_error_of_the_whole_request(client: Client, code: str) -> None:
    client.fault("error", code=code, message="模拟")
    answer = client.ask("SendSms", client.message(PhoneNumberSet=THREE))
    assert error(answer) == code
    assert response(answer)["Error"]["Message"] == "模拟"
    assert client.texts() == []
    assert client.codes() == ["Ok"]


def test_error_of_one_number(client: Client) -> None:
    client.fault("error", code=LIMIT, message="模拟", phone="13900139000")
    assert client.codes() == ["Ok"]
    first, second, third = client.send(PhoneNumberSet=THREE)
    assert (first["Code"], third["Code"]) == ("Ok", "Ok")
    assert (second["Code"], second["Message"], second["SerialNo"]) == (LIMIT, "模拟", "")
    assert client.texts(phone="13900139000") == []
    assert client.codes(PhoneNumberSet=THREE) == ["Ok"] * 3


def test_error_of_the_next_numbers(client: Client) -> None:
    client.fault("error", code=LIMIT, times=2)
    assert client.codes(PhoneNumberSet=THREE) == [LIMIT, LIMIT, "Ok"]


def test_error_of_every_number_for_a_while(client: Client) -> None:
    client.fault("error", code=LIMIT, seconds=60)
    assert client.codes(PhoneNumberSet=THREE) == [LIMIT] * 3


def test_error_of_a_number_waits_while_requests_are_refused(client: Client) -> None:
    client.fault("error", code=LIMIT)
    client.ask("SendSms", b"{")
    client.ask("SendSms", client.message(), x_tc_region=None)
    assert waiting(client) == 1
    assert client.codes(PhoneNumberSet=["+1", *THREE]) == [
        "InvalidParameterValue.IncorrectPhoneNumber", LIMIT, "Ok", "Ok",
    ]  # fmt: skip


def test_error_of_another_platform_hits_nobody_here(client: Client) -> None:
    client.fault("error", provider="cloopen", code=LIMIT)
    assert client.codes() == ["Ok"]


def test_for_another_call(client: Client) -> None:
    client.fault("error", code="InternalError.OtherError", api="DescribeSmsTemplateList")
    assert client.codes() == ["Ok"]
    answer = client.ask("DescribeSmsTemplateList", {"International": 0})
    assert error(answer) == "InternalError.OtherError"


def test_the_answer_lost_the_text_arrives(client: Client) -> None:
    client.fault("torn")
    with pytest.raises(requests.RequestException):
        client.send()
    assert len(client.texts()) == 1
