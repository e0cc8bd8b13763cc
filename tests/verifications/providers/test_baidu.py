import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from sandbox import Sandbox
from tests.verifications.providers import vectors
from tests.verifications.providers.answering import Answering
from tests.verifications.providers.contract import (
    Batching,
    Build,
    Checking,
    NewPhone,
    Remembering,
    Sending,
    e164,
    received,
)
from tests.verifications.providers.contract_failures import PHONE, Failing
from tests.verifications.providers.contract_receipts import Receiving
from verifications.providers import (
    Accepted,
    BadPush,
    Duplicate,
    Push,
    Text,
    Uncertain,
    baidu_auth,
)
from verifications.providers.baidu import Baidu

(VECTOR,) = vectors.load("baidu")
(SIGNED,) = vectors.load("baidu", "signer_only")
TOKEN = "sandboxbaiduaccount0000000000000"


class TestBaidu(Sending, Batching, Checking, Remembering, Failing, Receiving):
    backend = Baidu
    account = {
        "access_key_id": "sandboxbaiduak000000000000000000",
        "secret_access_key": "sandboxbaidusk000000000000000000",
        "signature_id": "sms-sign-dadashop01",
        "account_id": TOKEN,
    }
    secret = "secret_access_key"
    code_template, order_template = "sms-tmpl-code0000001", "sms-tmpl-shipped0001"
    pending_template = "sms-tmpl-promo000001"
    code_text = "【达达商城】您的验证码是902817，请于5分钟内正确输入。"
    # Three minutes, less the two seconds of our timeouts and ten between two clocks.
    remembers = timedelta(seconds=180 - 2 - 10) - timedelta(seconds=1)
    no_message_id = (
        b'{"code":"1000"}',
        b'{"code":"1000","data":{}}',
        b'{"code":"1000","data":[7]}',
        b'{"code":"1000","data":[{"mobile":"13800138000"}]}',
        b'{"code":"1000","data":[{"mobile":"13800138000","code":"1000"}]}',
    )
    acknowledged: ClassVar[Any] = {}
    report = {
        "code": "0",
        "requestId": "5e6dacd5-8815-4183-8255-4ff079bf24e6",
        "messageId": "e325ea68-02c1-47ad-8844-c7b93cafaeba_13912345678",
        "mobile": "13912345678",
        "carrierCode": "DELIVRD",
        "custom": "abc",
        "attemptCount": 1,
        "segmentCount": 1,
        "deliverTime": "2026-07-01T04:00:01Z",
        "requestTime": "2026-07-01T04:00:00Z",
    }
    needed = ("code", "messageId", "mobile")
    uplink = {
        "mobile": "13912345678",
        "content": "TD",
        "sign": "达达商城",
        "receiveTime": "2026-07-01T04:00:01Z",
        "userExtId": "1",
    }

    def wrapped(self, report: Any) -> Any:
        return report

    def push(self, body: Any, token: str = TOKEN) -> Push:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = hashlib.md5(f"{token}1767225599000".encode() + raw).hexdigest()
        return Push({"Timestamp": "1767225599000", "SIGNATURE": signed}, raw)

    def test_a_push_that_another_token_signed_is_refused(self, build: Build) -> None:
        with pytest.raises(BadPush, match="signature"):
            build().read_receipts(self.push(self.report, "another"))

    def test_a_push_that_nobody_signed_is_refused(self, build: Build) -> None:
        right = self.push(self.report)
        for name in ("Timestamp", "SIGNATURE"):
            headers = {key: value for key, value in right.headers.items() if key != name}
            with pytest.raises(BadPush, match="signature"):
                build().read_receipts(Push(headers, right.body))

    def test_a_push_whose_parts_were_changed_is_refused(self, build: Build) -> None:
        right = self.push(self.report)
        for headers, body in (
            (right.headers, right.body + b" "),
            ({**right.headers, "Timestamp": "1767225599001"}, right.body),
            ({**right.headers, "SIGNATURE": "é" * 32}, right.body),
        ):
            with pytest.raises(BadPush, match="signature"):
                build().read_receipts(Push(headers, body))

    def test_an_account_without_a_token_leaves_it_out(self, build: Build) -> None:
        push = self.push(self.report, "")
        assert build(account_id="").read_receipts(push)
        with pytest.raises(BadPush):
            build().read_receipts(push)

    def test_a_repeat_is_answered_as_the_first(
        self, build: Build, box: Sandbox, new_phone: NewPhone
    ) -> None:
        text = self.code(e164(new_phone), e164(new_phone))
        provider = build()
        assert provider.send(text) == provider.send(text)
        assert {len(received(box, phone)) for phone in text.phones} == {1}

    def test_a_token_with_other_parameters_says_that_the_first_was_taken(
        self, build: Build, new_phone: NewPhone
    ) -> None:
        first, second = self.code(e164(new_phone)), self.code(e164(new_phone))
        provider = build()
        provider.send(first)
        with pytest.raises(Duplicate, match="IdempotentParameterMismatch"):
            provider.send(Text(second.phones, second.template, second.params, first.request_id))

    def test_a_number_without_an_answer_is_uncertain(
        self, build: Build, answering: Answering
    ) -> None:
        told = [{"mobile": "13800138000", "code": "1000", "messageId": "m"}]
        answer = json.dumps({"code": "1000", "data": told}).encode()
        outcomes = build(base_url=answering(200, answer)).send(self.code(PHONE, "+85251234567"))
        assert outcomes[PHONE] == Accepted("m")
        assert type(outcomes["+85251234567"]) is Uncertain

    def test_what_is_told_of_each_number_counts_more(
        self, build: Build, answering: Answering
    ) -> None:
        told = [{"mobile": "13800138000", "code": "1000", "messageId": "m"}]
        answer = json.dumps({"code": "B:00017", "data": told}).encode()
        outcomes = build(base_url=answering(200, answer)).send(self.code(PHONE))
        assert outcomes == {PHONE: Accepted("m")}


def test_the_request_is_the_vendors_and_our_token(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = VECTOR["inputs"]
    moment = datetime.fromtimestamp(inputs["epoch"], UTC)
    provider = Baidu(
        access_key_id=inputs["ak"],
        secret_access_key=inputs["sk"],
        signature_id="sms-sign-abc",
        clock=lambda: moment,
    )
    params = {"code": "123456", "minute": "5分钟"}
    text = Text(["+8613800138000"], "sms-tmpl-xyz12345678", params, "a" * 32)
    sent = vectors.captured(lambda: provider.send(text), monkeypatch)
    theirs = dict(VECTOR["request"]["headers"])
    assert (sent.method, sent.url) == ("POST", f"{VECTOR['request']['url']}?clientToken={'a' * 32}")
    for name in ("Content-Type", "Host", "x-bce-date"):
        assert sent.headers[name] == theirs[name]
    assert isinstance(sent.body, bytes)
    right = {key: value for key, value in json.loads(VECTOR["request"]["body"]).items() if value}
    assert json.loads(sent.body) == {**right, "custom": "a" * 32}


def test_the_signature_is_the_vendors() -> None:
    inputs = VECTOR["inputs"]
    theirs = {name.lower(): value for name, value in VECTOR["request"]["headers"]}
    right = theirs["authorization"]
    names = right.split("/")[4].split(";")
    ours = baidu_auth.authorization(
        inputs["ak"],
        inputs["sk"],
        datetime.fromtimestamp(inputs["epoch"], UTC),
        "POST",
        "/api/v3/sendSms",
        "",
        {name: theirs[name] for name in names},
    )
    assert ours == right


def test_the_token_is_signed_as_the_vendor_does() -> None:
    inputs = SIGNED["inputs"]
    query = baidu_auth.query(inputs["params"])
    headers = {name.lower(): value for name, value in inputs["headers"].items()}
    ours = baidu_auth.authorization(
        inputs["ak"],
        inputs["sk"],
        datetime.fromtimestamp(inputs["epoch"], UTC),
        inputs["method"],
        inputs["path"],
        query,
        {name: headers[name] for name in inputs["headers_to_sign"]},
    )
    assert (query, ours) == (SIGNED["canonical_query"], SIGNED["authorization"])


def test_a_query_is_sorted_as_it_is_written() -> None:
    query = baidu_auth.query({"text1": "1", "text": "~ ", "text10": "/"})
    assert query == "text10=%2F&text1=1&text=~%20"
