"""Reports that the sandbox pushes, as each platform does, and pushes that no platform sends."""

import json
from typing import Any, ClassVar

import pytest

from sandbox import Sandbox
from tests.sandbox.listener import Listener
from tests.verifications.providers.contract import Build, Contract, Fault, NewPhone, e164
from verifications.providers import Accepted, BadPush, Push, Receipt
from verifications.providers.transport import HttpProvider

DEEP = b"[" * 50_000


class Receiving(Contract):
    acknowledged: ClassVar[Any]  # what the platform wants to read, decoded
    echoes: ClassVar[bool] = True  # whether a report tells our request id
    report: ClassVar[dict[str, Any]]  # one as documented
    uplink: ClassVar[Any]
    needed: ClassVar[tuple[str, ...]]  # members that a report has to have

    def push(self, body: Any) -> Push:
        """A push of that body; bytes as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Push({"Content-Type": "application/json"}, raw)

    def wrapped(self, report: Any) -> Any:
        return [report]

    @pytest.fixture
    def pushed(self, box: Sandbox, listener: Listener) -> Listener:
        """Where the platform pushes to, during this test."""
        box.world.receipts.target(self.backend.name, listener.url)
        return listener

    @pytest.mark.parametrize("lost", ["", "MK:0012"])
    def test_a_report_that_is_pushed(
        self, lost: str, build: Build, fault: Fault, pushed: Listener, new_phone: NewPhone
    ) -> None:
        phone = e164(new_phone)
        if lost:
            fault("failed_receipt", code=lost)
        provider, text = build(), self.code(phone)
        outcome = provider.send(text)[phone]
        receipt = self.read_own(provider, pushed, phone)
        assert isinstance(outcome, Accepted)
        assert receipt.message_id == outcome.message_id
        assert receipt.request_id == (text.request_id if self.echoes else "")
        assert (receipt.phone, receipt.delivered) == (phone, not lost)
        if lost:
            assert receipt.code == lost

    def read_own(self, provider: HttpProvider, pushed: Listener, phone: str) -> Receipt:
        """The report on that phone; those of earlier tests may come late."""
        while True:
            headers, body = pushed.heard.get(timeout=5)
            (receipt,) = provider.read_receipts(Push(dict(headers.items()), body))
            if receipt.phone == phone:
                return receipt

    def test_the_documented_report(self, build: Build) -> None:
        (receipt,) = build().read_receipts(self.push(self.wrapped(self.report)))
        assert receipt.phone == "+8613912345678"
        assert receipt.delivered

    def test_the_platform_reads_what_it_wants(self, build: Build) -> None:
        media, body = build().acknowledge(self.push(self.wrapped(self.report)))
        assert media.startswith("application/json")
        assert json.loads(body) == self.acknowledged

    def test_what_a_shopper_wrote_is_no_report(self, build: Build) -> None:
        assert build().read_receipts(self.push(self.uplink)) == []
        assert json.loads(build().acknowledge(self.push(self.uplink))[1]) == self.acknowledged

    @pytest.mark.parametrize(
        "body",
        [b"", b"\xff", b"null", b"1", b'"x"', b"{}", b"[1]", b"[{}]", b'{"Request":[]}', DEEP],
        ids=lambda body: repr(body[:20]),
    )
    def test_a_push_of_something_else_is_refused(self, body: bytes, build: Build) -> None:
        with pytest.raises(BadPush):
            build().read_receipts(self.push(body))

    @pytest.mark.parametrize("wrong", [None, [], {}, True, "", "a\0b", "\ud800", "x" * 201])
    def test_a_report_with_a_wrong_member_is_refused(self, wrong: Any, build: Build) -> None:
        for name in self.needed:
            spoilt = {**self.report, name: wrong}
            if spoilt == self.report:
                continue
            with pytest.raises(BadPush):
                build().read_receipts(self.push(self.wrapped(spoilt)))

    def test_a_report_that_lacks_a_member_is_refused(self, build: Build) -> None:
        for name in self.needed:
            spoilt = {key: value for key, value in self.report.items() if key != name}
            with pytest.raises(BadPush):
                build().read_receipts(self.push(self.wrapped(spoilt)))
