from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox import Sandbox
from tests.sandbox.listener import Listener
from tests.verifications.providers import vectors
from tests.verifications.providers.answering import Answering
from tests.verifications.providers.conftest import ACCOUNT
from tests.verifications.providers.contract import (
    NOON,
    Batching,
    Build,
    Checking,
    Fault,
    NewPhone,
    Remembering,
    Sending,
    e164,
)
from tests.verifications.providers.contract_failures import PHONE, Failing
from tests.verifications.providers.contract_receipts import Receiving
from verifications.providers import Accepted, BadPush, Push, Receipt, SendError, Text
from verifications.providers.cloopen import Cloopen

XML_REPORT = (
    b'<?xml version="1.0" encoding="utf-8"?><Request><action>SMSArrived</action>'
    b"<smsType>%d</smsType><recvTime>20130923010010</recvTime><apiVersion>2013-12-26</apiVersion>"
    b"<fromNum>13912345678</fromNum><appendCode/><content>abc</content><status>%d</status>"
    b"<dateSent>20130923010000</dateSent></Request>"
)


class TestCloopen(Sending, Batching, Checking, Remembering, Failing, Receiving):
    backend = Cloopen
    account = ACCOUNT
    secret = "auth_token"
    code_template, order_template, pending_template = "1", "2", "4"
    code_text = "【云通讯】您使用的是云通讯短信模板，您的验证码是902817，请于5分钟内正确输入"
    outcome_for_each = False
    remembers = timedelta(hours=12) - timedelta(minutes=1)  # since midnight, and never just after
    no_message_id = (
        b'{"statusCode":"000000"}',
        b'{"statusCode":"000000","templateSMS":[]}',
        b'{"statusCode":"000000","templateSMS":"x"}',
        b'{"statusCode":"000000","templateSMS":{"smsMessageSid":" "}}',
        b"<Response><statusCode>000000</statusCode></Response>",
    )
    acknowledged = {"statusCode": "000000"}
    report = {
        "action": "SMSArrived",
        "smsType": "1",
        "apiVersion": "2013-12-26",
        "content": "ff8080813c373cab013c94b0f0512345",
        "fromNum": "13912345678",
        "dateSent": "20130923010000",
        "deliverCode": "DELIVRD",
        "recvTime": "20130923010010",
        "status": "0",
        "reqId": "123",
        "smsCount": "2",
        "spCode": "10690876",
    }
    needed = ("smsType", "content", "fromNum", "status")
    uplink = {"Request": {**report, "smsType": "0", "content": "TD", "appendCode": "8888"}}

    def wrapped(self, report: Any) -> Any:
        return {"Request": report}

    def test_reports_are_pulled_where_that_is_asked_for(
        self, build: Build, new_phone: NewPhone, box: Sandbox
    ) -> None:
        provider, phone = build(pull=True), e164(new_phone)
        text = self.code(phone)
        outcome = provider.send(text)[phone]
        assert build().pull_receipts() == []
        assert isinstance(outcome, Accepted)
        right = Receipt(outcome.message_id, text.request_id, phone, delivered=True, code="DELIVRD")
        pulled: list[Receipt] = []
        while right not in pulled:
            pulled += provider.pull_receipts()
        assert pulled.count(right) == 1

    def test_a_pulled_report_that_is_odd_leaves_the_others(
        self, build: Build, answering: Answering, caplog: pytest.LogCaptureFixture
    ) -> None:
        rows = b'[{"content":"a","fromNum":"13800138000","status":"0"},{"content":"b"},null]'
        url = answering(200, b'{"statusCode":"000000","reports":%b}' % rows)
        provider = build(base_url=url, pull=True)
        assert provider.pull_receipts() == [Receipt("a", "", PHONE, delivered=True, code="0")]
        assert caplog.text.count("left out") == 2

    def test_a_pull_without_reports(self, build: Build, answering: Answering) -> None:
        provider = build(base_url=answering(200, b'{"statusCode":"000000"}'), pull=True)
        assert provider.pull_receipts() == []

    def test_a_pull_may_fail(self, build: Build, fault: Fault) -> None:
        fault("error", code="111109", api="GetArrived")
        with pytest.raises(SendError, match="111109"):
            build(pull=True).pull_receipts()

    @pytest.mark.parametrize("extension", ["1", "12345", "abcd", " 888", "８８８８"])
    def test_an_extension_code_has_four_digits(self, extension: str, build: Build) -> None:
        with pytest.raises(ValueError, match="four digits"):
            build(sub_append=extension)

    def test_an_extension_code_goes_along(self, build: Build, new_phone: NewPhone) -> None:
        assert build(sub_append="8888").send(self.code(e164(new_phone)))


class TestCloopenInXml(Sending, Batching, Checking, Remembering, Failing):
    backend = Cloopen
    account = {**ACCOUNT, "format": "xml"}
    secret = TestCloopen.secret
    code_template, order_template, pending_template = "1", "2", "4"
    code_text = TestCloopen.code_text
    outcome_for_each = False
    remembers = TestCloopen.remembers
    no_message_id = TestCloopen.no_message_id

    def test_what_xml_cannot_write_is_left_out(
        self, build: Build, box: Sandbox, new_phone: NewPhone
    ) -> None:
        phone = e164(new_phone)
        build().send(self.order(phone, "D\0\x1b1"))
        assert "您的订单D1已由" in box.world.phones.messages(phone)[0].text

    def test_a_report_that_is_pushed(
        self, build: Build, box: Sandbox, listener: Listener, new_phone: NewPhone
    ) -> None:
        box.world.receipts.target("cloopen", listener.url)
        phone, provider = e164(new_phone), build()
        outcome = provider.send(self.code(phone))[phone]
        assert isinstance(outcome, Accepted)
        right = Receipt(outcome.message_id, "", phone, delivered=True, code="0")
        push = Push({}, b"")
        while b"<fromNum>%b<" % phone.removeprefix("+86").encode() not in push.body:
            headers, body = listener.heard.get(timeout=5)
            push = Push(dict(headers.items()), body)
        assert provider.read_receipts(push) == [right]

    @pytest.mark.parametrize(("status", "delivered"), [(0, True), (1, False)])
    def test_the_documented_report(self, status: int, delivered: bool, build: Build) -> None:
        (receipt,) = build().read_receipts(Push({}, XML_REPORT % (1, status)))
        assert receipt == Receipt("abc", "", "+8613912345678", delivered, str(status))

    def test_what_a_shopper_wrote_is_no_report(self, build: Build) -> None:
        assert build().read_receipts(Push({}, XML_REPORT % (0, 0))) == []

    def test_the_platform_reads_what_it_wants(self, build: Build) -> None:
        media, body = build().acknowledge(Push({}, XML_REPORT % (1, 0)))
        assert media == "application/xml;charset=utf-8"
        assert body.endswith(b"<Response><statusCode>000000</statusCode></Response>")

    @pytest.mark.parametrize(
        "body",
        [
            b"<Request>",
            b"<Other><smsType>1</smsType></Other>",
            b"<Request><smsType><a>1</a></smsType></Request>",
            b'<!DOCTYPE a [<!ENTITY b "1">]><Request><smsType>&b;</smsType></Request>',
            b'<?xml version="1.0" encoding="klingon"?><Request/>',
            b"<Request>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</Request>",
        ],
        ids=lambda body: repr(body[:20]),
    )
    def test_a_push_of_something_else_is_refused(self, body: bytes, build: Build) -> None:
        with pytest.raises(BadPush):
            build().read_receipts(Push({}, body))


def test_another_countrys_number_is_dialled_from_abroad(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Text(["+85251234567"], "1", {"code": "123456"}, "a")
    sent = vectors.captured(lambda: Cloopen(**ACCOUNT).send(text), monkeypatch)
    assert b'"to": "0085251234567"' in (sent.body or b"")


@pytest.mark.parametrize(
    ("first", "now", "remembered"),
    [
        ("12:00:00", "23:58:59", True),
        ("12:00:00", "23:59:01", False),  # it may be midnight there
        ("00:00:59", "12:00:00", False),  # it may have been yesterday there
        ("00:01:01", "12:00:00", True),
    ],
)
def test_a_request_is_remembered_for_a_day_of_shanghai(
    first: str, now: str, remembered: bool
) -> None:
    def at(time: str) -> datetime:
        return datetime.fromisoformat(f"{NOON.date()}T{time}").replace(tzinfo=NOON.tzinfo)

    provider = Cloopen(**ACCOUNT, clock=lambda: at(now).astimezone(ZoneInfo("America/New_York")))
    assert provider.can_repeat(at(first).astimezone(ZoneInfo("UTC"))) == remembered
