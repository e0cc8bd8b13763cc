"""SendSms: each parameter, and what the phones get."""

from urllib.parse import urlencode

import pytest

from sandbox import Sandbox
from tests.sandbox.aliyun.client import FORM, Client, answered, gateway
from tests.sandbox.client import TIMEOUT


def numbers(count: int) -> str:
    return ",".join(f"138{n:08d}" for n in range(count))


def test_the_text(client: Client) -> None:
    answer = client.send()
    assert answer.keys() == {"Code", "Message", "RequestId", "BizId"}
    (text,) = client.texts()
    assert text["text"] == "【达达商城】您的验证码是6532，请于5分钟内正确输入。"
    assert (text["phone"], text["provider"], text["template"]) == (
        "+8613800138000", "aliyun", "SMS_100001",
    )  # fmt: skip


def test_parameters_in_a_form(client: Client) -> None:
    body = urlencode(client.message(TemplateParam={"code": 'a"b &<>😀+%', "minutes": "5"}))
    assert answered(client.ask("SendSms", body=body.encode()))["Code"] == "OK"
    assert 'a"b &<>😀+%' in client.texts()[0]["text"]


def test_parameters_here_and_there(client: Client) -> None:
    message = client.message()
    body = urlencode({"SignName": message.pop("SignName")}).encode()
    assert answered(client.ask("SendSms", message, body))["Code"] == "OK"


@pytest.mark.parametrize(
    ("body", "media"),
    [(b"OutId=1&OutId=2", FORM), (b"OutId", FORM), (b"OutId=%FF", FORM), (b"\xff", FORM),
     (b"TemplateCode=SMS_100001", FORM), (b"{}", "application/json")],
)  # fmt: skip
def test_a_body_that_cannot_be_read(client: Client, body: bytes, media: str) -> None:
    answer = answered(client.ask("SendSms", client.message(), body, content_type=media))
    assert answer["Code"] == "isv.INVALID_PARAMETERS"
    assert client.texts() == []


@pytest.mark.parametrize("name", ["PhoneNumbers", "SignName", "TemplateCode"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_parameter_missing(client: Client, name: str, value: str | None) -> None:
    answer = client.ask("SendSms", client.message(**{name: value}))
    assert gateway(answer) == (400, f"Missing{name}")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("PhoneNumbers", "1380013800", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("PhoneNumbers", "13800138000,", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("PhoneNumbers", "13800138000, 13900139000", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("PhoneNumbers", "13900139000,+85212345678", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("PhoneNumbers", "１３８００１３８０００", "isv.MOBILE_NUMBER_ILLEGAL"),
        ("PhoneNumbers", numbers(1001), "isv.MOBILE_COUNT_OVER_LIMIT"),
        ("SignName", "别家商城", "isv.SMS_SIGNATURE_ILLEGAL"),
        ("TemplateCode", "SMS_1", "isv.SMS_TEMPLATE_ILLEGAL"),
        ("TemplateCode", "SMS_100004", "isv.SMS_TEMPLATE_ILLEGAL"),
        ("TemplateParam", None, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ("TemplateParam", {"code": "6532"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ("TemplateParam", "{'code': '6532'}", "isv.INVALID_JSON_PARAM"),
        ("TemplateParam", '{"code": "1", "code": "2", "minutes": "5"}', "isv.INVALID_JSON_PARAM"),
        ("TemplateParam", "[" * 10_000, "isv.INVALID_JSON_PARAM"),
        ("TemplateParam", ["6532", "5"], "isv.INVALID_JSON_PARAM"),
        ("TemplateParam", {"code": 6532, "minutes": "5"}, "isv.INVALID_JSON_PARAM"),
        ("OutId", "x" * 256, "isv.INVALID_PARAMETERS"),
        ("SmsUpExtendCode", "12a", "isv.EXTEND_CODE_ERROR"),
        ("Extra", "x", "isv.INVALID_PARAMETERS"),
        ("phoneNumbers", "13800138000", "isv.INVALID_PARAMETERS"),
    ],
)
def test_refused(client: Client, name: str, value: object, code: str) -> None:
    assert client.code(**{name: value}) == code
    assert client.texts() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("OutId", "x" * 255), ("SmsUpExtendCode", "12"), ("OwnerId", "1"),
     ("TemplateParam", {"code": "6532", "minutes": "5", "more": "x"})],
)  # fmt: skip
def test_let_pass(client: Client, name: str, value: object) -> None:
    assert client.code(**{name: value}) == "OK"


@pytest.mark.parametrize("number", ["13800138000", "+8613800138000", "008613800138000"])
def test_a_number_in_each_form(client: Client, number: str) -> None:
    assert client.code(PhoneNumbers=number) == "OK"
    assert client.texts()[0]["phone"] == "+8613800138000"


def test_a_thousand(client: Client) -> None:
    assert client.code(PhoneNumbers=numbers(1000)) == "OK"
    assert len({text["phone"] for text in client.texts()}) == 1000


def test_accounts_that_cannot_send(box: Sandbox) -> None:
    suspended = Client(box, "LTAI5tSandboxSuspended0", "sandboxAliyunSecretSuspended00")
    broke = Client(box, "LTAI5tSandboxPenniless0", "sandboxAliyunSecretPenniless00")
    assert suspended.code() == "isv.ACCOUNT_ABNORMAL"
    assert broke.code() == "isv.AMOUNT_NOT_ENOUGH"
    assert broke.texts() == []


def test_accounts_are_told(client: Client) -> None:
    rows = client.session.get(f"{client.box.url}/sandbox/accounts", timeout=TIMEOUT).json()
    first, *others = [row for row in rows if row["provider"] == "aliyun"]
    assert (first["access_key_id"], first["access_key_secret"], first["sign_name"]) == (
        client.key_id, client.secret, "达达商城",
    )  # fmt: skip
    assert [row["status"] for row in first["templates"]] == [*["approved"] * 3, "pending"]
    assert {(row["state"], row["balance"]) for row in others} == {
        ("suspended", "1000.00"), ("active", "0.00"),
    }  # fmt: skip
