"""What every platform has to keep to, in the sandbox, over HTTP: the fixtures, and sending.

A platform's tests inherit these, with its account and its templates.
"""

import contextlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import requests
from django.utils import timezone

from sandbox import Sandbox
from verifications.providers import Accepted, Duplicate, Rejected, SendError, Text, base
from verifications.providers.transport import HttpProvider

Build = Callable[..., HttpProvider]
Fault = Callable[..., None]
NewPhone = Callable[[], str]

CODE = "902817"
NOON = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


class Contract:
    backend: ClassVar[type[HttpProvider]]
    account: ClassVar[dict[str, Any]]
    secret: ClassVar[str]  # which option of the account is its secret
    code_template: ClassVar[str]
    order_template: ClassVar[str]  # order, company, number
    pending_template: ClassVar[str]
    code_text: ClassVar[str]
    outcome_for_each: ClassVar[bool] = True  # or one for the whole request
    remembers: ClassVar[timedelta | None] = None  # how long a request id surely counts, at noon
    no_message_id: ClassVar[tuple[bytes, ...]]  # answers that take the text and do not say as what

    @pytest.fixture
    def build(self, box: Sandbox) -> Build:
        """build(timeout=(1, 1)): the platform, with other options."""
        usual = {**self.account, "base_url": box.url, "timeout": (1.0, 1.0)}
        return lambda **options: self.backend(**{**usual, **options})

    @pytest.fixture
    def fault(self, box: Sandbox) -> Fault:
        """fault("error", code="160042"): the next call meets it."""

        def add(kind: str, **more: Any) -> None:
            body = {"provider": self.backend.name, "kind": kind, **more}
            requests.post(f"{box.url}/sandbox/faults", json=body, timeout=5).raise_for_status()

        return add

    def code(self, *phones: str) -> Text:
        return Text(phones, self.code_template, {"code": CODE, "minutes": "5"}, uuid4().hex)

    def order(self, phone: str, order: str) -> Text:
        params = {"order": order, "company": "顺丰", "number": "SF1"}
        return Text([phone], self.order_template, params, uuid4().hex)

    def error_rows(self) -> list[dict[str, str]]:
        name = f"{self.backend.name}_errors.json"
        rows: list[dict[str, str]] = json.loads((Path(base.__file__).parent / name).read_text())
        return [row for row in rows if row["class"] != "success"]


def e164(new_phone: NewPhone) -> str:
    return f"+86{new_phone()}"


def received(box: Sandbox, phone: str) -> list[str]:
    return [message.text for message in box.world.phones.messages(phone)]


class Sending(Contract):
    """For every platform."""

    def test_a_text_arrives(self, build: Build, box: Sandbox, new_phone: NewPhone) -> None:
        phone = e164(new_phone)
        outcome = build().send(self.code(phone))[phone]
        assert isinstance(outcome, Accepted)
        assert outcome.message_id == outcome.message_id.strip() != ""
        assert received(box, phone) == [self.code_text]

    @pytest.mark.parametrize(
        "awkward",
        [
            "A&B <b>",
            "\"'`",
            "😀 表情",
            "]]>",
            "{1}",
            "${order}",
            "\\n",
            "%s%20+",
            "a\nb",
            "á\u3000",
        ],
    )
    def test_awkward_words_arrive_as_they_are(
        self, awkward: str, build: Build, box: Sandbox, new_phone: NewPhone
    ) -> None:
        phone = e164(new_phone)
        build().send(self.order(phone, awkward))
        assert received(box, phone) == [f"【达达商城】您的订单{awkward}已由顺丰发出，运单号SF1。"]

    def test_connections_are_kept_alive(self, build: Build, new_phone: NewPhone) -> None:
        provider = build()
        for _ in range(5):
            provider.send(self.code(e164(new_phone)))
        pools = provider._session.adapters["http://"].poolmanager.pools  # type: ignore[attr-defined]
        (pool,) = (pools[key] for key in pools.keys())  # noqa: SIM118
        assert (pool.num_connections, pool.num_requests) == (1, 5)

    def test_threads_share_one(self, build: Build, box: Sandbox, new_phone: NewPhone) -> None:
        provider = build()
        phones = [e164(new_phone) for _ in range(40)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda phone: provider.send(self.code(phone)), phones))
        assert {len(received(box, phone)) for phone in phones} == {1}

    @pytest.mark.parametrize("more", [None, 1])
    def test_no_phone_or_too_many_is_the_callers_mistake(
        self, more: int | None, build: Build, new_phone: NewPhone
    ) -> None:
        provider = build()
        count = provider.batch_limit + more if more else 0
        with pytest.raises(ValueError, match=f"1 to {provider.batch_limit} "):
            provider.send(self.code(*(e164(new_phone) for _ in range(count))))

    def test_a_repeat_is_safe_only_where_it_is_remembered(self, build: Build) -> None:
        assert build().can_repeat(timezone.now()) == (self.remembers is not None)


class Batching(Contract):
    """For a platform that takes several phones a request."""

    def test_as_many_phones_as_allowed_are_one_request(
        self, build: Build, box: Sandbox, new_phone: NewPhone
    ) -> None:
        provider = build()
        phones = [e164(new_phone) for _ in range(provider.batch_limit)]
        outcomes = provider.send(self.code(*phones))
        assert list(outcomes) == phones
        assert all(isinstance(outcome, Accepted) for outcome in outcomes.values())
        assert {len(received(box, phone)) for phone in phones} == {1}

    def test_one_bad_number_among_others(
        self, build: Build, box: Sandbox, new_phone: NewPhone
    ) -> None:
        good, bad = e164(new_phone), "+8610000138000"
        if self.outcome_for_each:
            outcomes = build().send(self.code(good, bad))
            assert isinstance(outcomes[good], Accepted)
            assert isinstance(outcomes[bad], Rejected)
            assert received(box, good) == [self.code_text]
        else:
            with pytest.raises(Rejected):
                build().send(self.code(good, bad))
            assert received(box, good) == []


class Checking(Contract):
    """For a platform that can be asked about our account and its templates."""

    def test_the_doctor_is_told_of_each_template(self, build: Build) -> None:
        account, *templates = build().check([self.code_template, self.pending_template, "777"])
        assert (account.name, account.ok) == ("account", True)
        assert [template.ok for template in templates] == [True, False, False]
        assert templates[0].detail == "approved"

    def test_the_doctor_is_told_of_a_wrong_secret(self, build: Build) -> None:
        (account,) = build(**{self.secret: "f" * 32}).check([self.code_template])
        assert (account.name, account.ok) == ("account", False)
        assert "f" * 32 not in account.detail


class Remembering(Contract):
    """For a platform that knows a request by its id."""

    def test_a_repeat_texts_nobody_twice(
        self, build: Build, fault: Fault, box: Sandbox, new_phone: NewPhone
    ) -> None:
        """As after an answer that was lost."""
        phone = e164(new_phone)
        text = self.code(phone)
        fault("timeout_after", delay=2)
        with pytest.raises(SendError, match="ReadTimeout"):
            build(timeout=(1.0, 0.2)).send(text)
        with contextlib.suppress(Duplicate):
            assert isinstance(build().send(text)[phone], Accepted)
        assert len(received(box, phone)) == 1

    def test_how_long_a_repeat_is_known(self, build: Build) -> None:
        provider = build(clock=lambda: NOON)
        assert self.remembers
        assert provider.can_repeat(NOON)
        assert provider.can_repeat(NOON - self.remembers)
        assert not provider.can_repeat(NOON - self.remembers - timedelta(seconds=1))
