"""Each way to fail ends in one of three, and none gives a secret, a phone or a code away."""

import traceback

import pytest

from sandbox import Sandbox
from tests.live import free_port
from tests.verifications.providers.answering import Answering
from tests.verifications.providers.contract import (
    CODE,
    Build,
    Contract,
    Fault,
    NewPhone,
    e164,
    received,
)
from verifications.providers import (
    Accepted,
    Declined,
    Duplicate,
    Rejected,
    SendError,
    Throttled,
    Unavailable,
    Uncertain,
    Unreachable,
)
from verifications.providers.transport import HttpProvider

EXPECTED: dict[str, type[SendError]] = {
    "recipient": Rejected,
    "content": Declined,
    "rate": Declined,
    "throughput": Throttled,
    "duplicate": Duplicate,
    "unknown_outcome": Uncertain,
}
PHONE = "+8613800138000"


class Failing(Contract):
    def raised(self, provider: HttpProvider, phone: str = PHONE) -> SendError:
        """The failure, of the request or of the phone alone."""
        try:
            outcome = provider.send(self.code(phone))[phone]
        except SendError as error:
            return error
        assert isinstance(outcome, SendError)
        return outcome

    def test_each_error_code_is_of_its_class(
        self, error_row: dict[str, str], build: Build, fault: Fault
    ) -> None:
        last = error_row["code"].replace("-", ",").split(",")[-1]
        code = last.replace("*", ".Whatever")
        fault("error", code=code, message="错误 & <b>")
        error = self.raised(build())
        assert type(error) is EXPECTED.get(error_row["class"], Unavailable)
        assert (error.code, error.reason) == (code, "错误 & <b>")

    def test_a_code_that_nobody_knows_is_a_refusal(self, build: Build, fault: Fault) -> None:
        fault("error", code="Nobody.Knows")
        assert type(self.raised(build())) is Unavailable

    def test_a_phone_that_the_platform_repeats_is_left_out(
        self, build: Build, fault: Fault
    ) -> None:
        fault("error", code="X13800138000", message="号码 13800138000 的验证码 1234 有误")
        error = self.raised(build())
        assert (error.code, error.reason) == ("X…", "号码 … 的验证码 … 有误")

    @pytest.mark.parametrize(
        ("kind", "expected", "taken"),
        [
            ("http_500", Unreachable, False),
            ("html", Uncertain, False),
            ("empty", Uncertain, True),
            ("torn", Uncertain, True),
            ("reset", Uncertain, False),
            ("timeout_before", Uncertain, False),
            ("timeout_after", Uncertain, True),
        ],
    )
    def test_each_fault_of_the_wire(
        self,
        kind: str,
        expected: type[SendError],
        taken: bool,
        build: Build,
        fault: Fault,
        box: Sandbox,
        new_phone: NewPhone,
    ) -> None:
        phone = e164(new_phone)
        hangs = kind.startswith("timeout")
        fault(kind, **({"delay": 5} if hangs else {}))
        provider = build(timeout=(0.5, 0.2 if hangs else 5.0))
        assert type(self.raised(provider, phone)) is expected
        assert bool(received(box, phone)) == taken

    def test_a_slow_answer_within_the_time_is_an_answer(self, build: Build, fault: Fault) -> None:
        fault("slow", delay=0.1)
        assert isinstance(build().send(self.code(PHONE))[PHONE], Accepted)

    @pytest.mark.parametrize("host", ["http://127.0.0.1", "https://sms.invalid"])
    def test_where_nobody_listens_nothing_was_taken(self, host: str, build: Build) -> None:
        provider = build(base_url=f"{host}:{free_port()}")
        assert type(self.raised(provider)) is Unreachable

    def test_there_are_no_hidden_retries(self, build: Build, fault: Fault, box: Sandbox) -> None:
        fault("http_500", times=1)
        provider = build()
        self.raised(provider)
        assert not box.world.faults.waiting()
        assert provider.send(self.code(PHONE))  # the second call is ours alone

    def test_no_proxy_of_the_environment_is_used(
        self, build: Build, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
        assert build().send(self.code(PHONE))

    @pytest.mark.parametrize("kind", ["", "error", "http_500", "reset", "html", "timeout_before"])
    def test_neither_secret_nor_phone_is_in_an_error(
        self, kind: str, build: Build, fault: Fault, caplog: pytest.LogCaptureFixture
    ) -> None:
        provider = build(timeout=(0.5, 0.2))
        if kind == "":
            provider = build(**{self.secret: "f" * 32})
        else:
            fault(kind, **({"code": "13800138000", "message": PHONE} if kind == "error" else {}))
        error = self.raised(provider)
        shown = "".join(traceback.format_exception(error)) + repr(provider) + caplog.text
        for hidden in (self.account[self.secret], "f" * 32, "sig=", "138001", CODE):
            assert hidden not in shown

    @pytest.mark.parametrize(
        "body",
        [
            *(b"", b"[]", b"{}", b"null", b"[" * 100_000, b"\xff\xfe", b'{"Code":"O'),
            b"<html><body>hi</body></html>",
            b'<!DOCTYPE a [<!ENTITY b "c">]><Response>&b;</Response>',
            b'<?xml version="1.0" encoding="klingon"?><Response/>',
            b"<Response>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</Response>",
        ],
        ids=lambda body: repr(body[:20]),
    )
    def test_an_answer_that_says_nothing_leaves_us_uncertain(
        self, body: bytes, build: Build, answering: Answering
    ) -> None:
        provider = build(base_url=answering(200, body))
        assert type(self.raised(provider)) is Uncertain

    def test_a_text_taken_under_no_name_leaves_us_uncertain(
        self, build: Build, answering: Answering
    ) -> None:
        for body in self.no_message_id:
            provider = build(base_url=answering(200, body))
            assert type(self.raised(provider)) is Uncertain, body

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            *((301, Unreachable), (400, Unreachable), (403, Unreachable), (500, Unreachable)),
            *((503, Unreachable), (502, Uncertain), (504, Uncertain)),
        ],
    )
    def test_another_status_than_200(
        self, status: int, expected: type[SendError], build: Build, answering: Answering
    ) -> None:
        for body in (b"<html></html>", b"{}", b"[1]"):
            provider = build(base_url=answering(status, body))
            assert type(self.raised(provider)) is expected

    def test_a_redirect_is_not_followed(
        self, build: Build, answering: Answering, box: Sandbox, new_phone: NewPhone
    ) -> None:
        phone = e164(new_phone)
        provider = build(base_url=answering(307, b"", box.url))
        assert type(self.raised(provider, phone)) is Unreachable
        assert received(box, phone) == []
