import json
from datetime import UTC, datetime

import pytest

from sandbox import Sandbox
from tests.verifications.providers import vectors
from tests.verifications.providers.answering import Answering
from tests.verifications.providers.contract import (
    Batching,
    Build,
    Checking,
    Fault,
    NewPhone,
    Sending,
    e164,
    received,
)
from tests.verifications.providers.contract_failures import PHONE, Failing
from tests.verifications.providers.contract_receipts import Receiving
from verifications.providers import Accepted, Rejected, Text, Throttled, Uncertain
from verifications.providers.tencent import Tencent

(VECTOR,) = vectors.load("tencent")


class TestTencent(Sending, Batching, Checking, Failing, Receiving):
    backend = Tencent
    account = {
        "secret_id": "AKIDSandboxDadashop0000000000000000",
        "secret_key": "sandboxTencentKey00000000000000",
        "sdk_app_id": "1400000001",
        "sign_name": "达达商城",
    }
    secret = "secret_key"
    code_template, order_template, pending_template = "1000001", "1000002", "1000004"
    code_text = "【达达商城】您的验证码是902817，请于5分钟内正确输入。"
    no_message_id = (
        b'{"Response":null}',
        b'{"Response":{}}',
        b'{"Response":{"SendStatusSet":{}}}',
        b'{"Response":{"SendStatusSet":[7]}}',
        b'{"Response":{"SendStatusSet":[{"PhoneNumber":"+8613800138000"}]}}',
        b'{"Response":{"SendStatusSet":[{"PhoneNumber":"+8613800138000","Code":"Ok"}]}}',
    )
    acknowledged = {"result": 0, "errmsg": "OK"}
    report = {
        "user_receive_time": "2026-07-01 12:00:00",
        "nationcode": "86",
        "mobile": "13912345678",
        "report_status": "SUCCESS",
        "errmsg": "DELIVRD",
        "description": "用户短信送达成功",
        "sid": "2640:01199404527298726167",
    }
    needed = ("nationcode", "mobile", "report_status", "sid")
    uplink = {
        "extend": "",
        "mobile": "13912345678",
        "nationcode": "86",
        "sign": "达达商城",
        "text": "TD",
        "time": 1767225599,
    }

    def test_a_number_without_an_answer_is_uncertain(
        self, build: Build, answering: Answering
    ) -> None:
        others = [
            {"PhoneNumber": PHONE, "Code": "Ok", "SerialNo": "1:1"},
            {"PhoneNumber": "+8613800138002", "Code": "LimitExceeded.PhoneNumberDailyLimit"},
        ]
        answer = json.dumps({"Response": {"SendStatusSet": others}}).encode()
        provider = build(base_url=answering(200, answer))
        outcomes = provider.send(self.code(PHONE, "+8613800138001"))
        assert list(outcomes) == [PHONE, "+8613800138001"]
        assert outcomes[PHONE] == Accepted("1:1")
        assert type(outcomes["+8613800138001"]) is Uncertain

    def test_numbers_of_two_countries_are_two_requests(
        self, build: Build, box: Sandbox, new_phone: NewPhone
    ) -> None:
        at_home, abroad = e164(new_phone), "+85251234567"
        outcomes = build().send(self.code(abroad, at_home))
        assert isinstance(outcomes[at_home], Accepted)
        assert isinstance(outcomes[abroad], Rejected)  # the sandbox texts the mainland alone
        assert received(box, at_home) == [self.code_text]

    def test_one_of_two_requests_may_be_refused(
        self, build: Build, fault: Fault, new_phone: NewPhone
    ) -> None:
        at_home = e164(new_phone)
        fault("error", code="RequestLimitExceeded")
        outcomes = build().send(self.code(at_home, "+85251234567"))
        assert isinstance(outcomes[at_home], Throttled)
        assert isinstance(outcomes["+85251234567"], Rejected)


def test_the_request_is_the_vendors(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = VECTOR["inputs"]
    moment = datetime.fromtimestamp(inputs["epoch"], UTC)
    provider = Tencent(
        secret_id=inputs["secret_id"],
        secret_key=inputs["secret_key"],
        sdk_app_id=inputs["params"]["SmsSdkAppId"],
        sign_name=inputs["params"]["SignName"],
        region=inputs["region"],
        clock=lambda: moment,
    )
    text = Text(["+8613711112222"], "449739", {"code": "123456", "minutes": "5"}, "a" * 32)
    sent = vectors.captured(lambda: provider.send(text), monkeypatch)
    theirs = dict(VECTOR["request"]["headers"])
    assert (sent.method, sent.url) == ("POST", VECTOR["request"]["url"])
    for name in ("Content-Type", "Host", *(n for n in sent.headers if n.startswith("X-TC-"))):
        assert sent.headers[name] == theirs[name]
    assert isinstance(sent.body, bytes)
    ours = json.loads(sent.body)
    assert ours.pop("SessionContext") == "a" * 32
    assert json.dumps(ours) == VECTOR["request"]["body"]


def test_the_signature_is_the_vendors() -> None:
    inputs = VECTOR["inputs"]
    moment = datetime.fromtimestamp(inputs["epoch"], UTC)
    provider = Tencent(
        secret_id=inputs["secret_id"],
        secret_key=inputs["secret_key"],
        sdk_app_id="",
        sign_name="",
        clock=lambda: moment,
    )
    signed = provider.sign("SendSms", VECTOR["request"]["body"].encode())
    assert signed["Authorization"] == dict(VECTOR["request"]["headers"])["Authorization"]
