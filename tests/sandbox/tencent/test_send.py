"""SendSms: the request as a whole, each number in it, and what the phones get."""

import pytest

from sandbox import Sandbox
from tests.sandbox.client import TIMEOUT
from tests.sandbox.tencent.client import Client, error


def test_the_text(client: Client) -> None:
    (status,) = client.send(SessionContext="会话", SenderId="", ExtendCode="12")
    assert status.pop("SerialNo").startswith("2640:")
    assert status == {
        "PhoneNumber": "+8613800138000",
        "Fee": 1,
        "SessionContext": "会话",
        "Code": "Ok",
        "Message": "send success",
        "IsoCode": "CN",
    }
    (text,) = client.texts()
    assert text["text"] == "【达达商城】您的验证码是6532，请于5分钟内正确输入。"
    assert (text["phone"], text["provider"], text["template"]) == (
        "+8613800138000", "tencent", "1000001",
    )  # fmt: skip


def test_any_characters(client: Client) -> None:
    values = ['a"b', "&<>😀+%\n", "{1}"]
    assert client.codes(TemplateId="1000002", TemplateParamSet=values) == ["Ok"]
    assert '订单a"b已由&<>😀+%\n发出，运单号{1}。' in client.texts()[0]["text"]


def test_a_long_text_costs_more(client: Client) -> None:
    (status,) = client.send(TemplateId="1000002", TemplateParamSet=["9" * 71, "x", "1"])
    assert status["Fee"] == 2


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("PhoneNumberSet", None, "MissingParameter"),
        ("PhoneNumberSet", [], "MissingParameter.EmptyPhoneNumberSet"),
        ("PhoneNumberSet", "+8613800138000", "InvalidParameter"),
        ("PhoneNumberSet", [13800138000], "InvalidParameter"),
        ("PhoneNumberSet", ["13800138000"] * 201, "LimitExceeded.PhoneNumberCountLimit"),
        ("SmsSdkAppId", None, "MissingParameter"),
        ("SmsSdkAppId", 1400000001, "InvalidParameter"),
        ("TemplateId", 1000001, "InvalidParameter"),
        ("SignName", None, "MissingParameter"),
        ("TemplateParamSet", ["6532", 5], "InvalidParameter"),
        ("SessionContext", "x" * 512, "InvalidParameter.InvalidParameters"),
        ("SessionContext", "号" * 171, "InvalidParameter.InvalidParameters"),
        ("ExtendCode", "a", "InvalidParameter.InvalidParameters"),
        ("Extra", "x", "UnknownParameter"),
    ],
)
def test_refused_as_a_whole(client: Client, name: str, value: object, code: str) -> None:
    assert error(client.ask("SendSms", client.message(**{name: value}))) == code
    assert client.texts() == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b'{"a": 1, "a": 1}', b'{"SignName": "\\ud800"}']
)
def test_a_body_that_cannot_be_read(client: Client, body: bytes) -> None:
    assert error(client.ask("SendSms", body)) == "InvalidParameter"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SmsSdkAppId", "1400000009", "InvalidParameterValue.SdkAppIdNotExist"),
        ("SmsSdkAppId", "1400000003", "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
        ("SignName", "别家商城", "FailedOperation.SignatureIncorrectOrUnapproved"),
        ("TemplateId", "1", "FailedOperation.TemplateUnapprovedOrNotExist"),
        ("TemplateId", "1000004", "FailedOperation.TemplateUnapprovedOrNotExist"),
        ("TemplateParamSet", None, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ("TemplateParamSet", ["1"], "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ("TemplateParamSet", ["1"] * 3, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
        ("TemplateParamSet", ["a", "5"], "InvalidParameterValue.TemplateParameterFormatError"),
        ("TemplateParamSet", ["1" * 7, "5"], "InvalidParameterValue.TemplateParameterFormatError"),
    ],
)
def test_refused_for_each_number(client: Client, name: str, value: object, code: str) -> None:
    two = ["+8613800138000", "+8613900139000"]
    statuses = client.send(**{"PhoneNumberSet": two, name: value})
    assert [(row["Code"], row["SerialNo"], row["Fee"]) for row in statuses] == [(code, "", 0)] * 2
    assert client.texts() == []


def test_a_bad_number_among_good_ones(client: Client) -> None:
    numbers = ["13800138000", "+123", "008613900139000", "", "+85212345678", "+86 13700137000"]
    statuses = client.send(PhoneNumberSet=numbers)
    bad = "InvalidParameterValue.IncorrectPhoneNumber"
    assert [status["Code"] for status in statuses] == ["Ok", bad, "Ok", bad, bad, bad]
    assert [status["PhoneNumber"] for status in statuses] == [
        "+8613800138000", "+123", "+8613900139000", *numbers[3:],
    ]  # fmt: skip
    assert {status["IsoCode"] for status in statuses if status["Code"] == bad} == {"DEF"}
    assert {text["phone"] for text in client.texts()} == {"+8613800138000", "+8613900139000"}


def test_two_hundred(client: Client) -> None:
    statuses = client.send(PhoneNumberSet=[f"+86138{n:08d}" for n in range(200)])
    assert len({status["SerialNo"] for status in statuses}) == 200
    assert len(client.texts()) == 200


def test_accounts_that_cannot_send(box: Sandbox) -> None:
    suspended = Client(
        box, "AKIDSandboxSuspended000000000000000", "sandboxTencentKeySuspended00000", "1400000002"
    )
    broke = Client(
        box, "AKIDSandboxPenniless000000000000000", "sandboxTencentKeyPenniless00000", "1400000003"
    )
    assert suspended.codes() == ["UnauthorizedOperation.SdkAppIdIsDisabled"]
    assert broke.codes() == ["FailedOperation.InsufficientBalanceInSmsPackage"]
    assert broke.texts() == []


def test_accounts_are_told(client: Client) -> None:
    rows = client.session.get(f"{client.box.url}/sandbox/accounts", timeout=TIMEOUT).json()
    first, *others = [row for row in rows if row["provider"] == "tencent"]
    assert (first["secret_id"], first["secret_key"], first["sdk_app_id"], first["sign_name"]) == (
        client.secret_id, client.secret_key, client.app_id, "达达商城",
    )  # fmt: skip
    assert [row["status"] for row in first["templates"]] == [*["approved"] * 3, "pending"]
    assert [(row["state"], row["package"]) for row in others] == [
        ("suspended", 1_000_000), ("active", 0),
    ]  # fmt: skip
