"""What the lists do: to phones, segments and addresses that are blocked or allowed."""

import itertools
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from tests.conftest import Api, Configure
from tests.verifications.platforms import Fake
from verifications import delivery, rules, tries
from verifications.exceptions import CaptchaRequired, Cooldown, PhoneBlocked, RateLimited
from verifications.models import ListEntry, Message
from verifications.providers import (
    Declined,
    Rejected,
    SendError,
    Uncertain,
    Unreachable,
    decoy,
    locmem,
)
from verifications.services import issue_pickup_code, notify, send_code

pytestmark = pytest.mark.redis

NewPhone = Callable[[], str]
List = Callable[..., None]
HERE = "203.0.113.7"


@pytest.fixture
def listed() -> List:
    """listed("block", "phone", "13800138000"), in force at once."""

    def write(verdict: str, what: str, value: str) -> None:
        ListEntry.objects.create(list=verdict, what=what, value=value)
        rules.forget()

    return write


def test_a_blocked_phone_gets_no_text_and_nobody_is_told(
    phone: str, new_phone: NewPhone, listed: List, api: Api
) -> None:
    listed("block", "phone", phone)
    other = api.send(new_phone())
    locmem.outbox.clear()
    answer = api.send(phone)
    assert not locmem.outbox
    assert answer.status_code == other.status_code == 202
    hidden = ("id", "phone")
    assert {**answer.json(), **dict.fromkeys(hidden)} == {**other.json(), **dict.fromkeys(hidden)}
    assert answer.headers == other.headers
    message = Message.objects.get(pk=answer.json()["id"])
    assert (message.status, message.withheld) == ("sent", "blocked")


def test_its_limits_are_those_of_all(phone: str, listed: List) -> None:
    listed("block", "phone", phone)
    send_code(phone, "login")
    with pytest.raises(Cooldown):
        send_code(phone, "login")


def test_a_wrong_code_tells_nothing_either(phone: str, listed: List, api: Api) -> None:
    listed("block", "phone", phone)
    api.send(phone)
    answer = api.verify(phone, "000000")
    assert (answer.status_code, answer.json()["code"]) == (400, "code_incorrect")


def test_a_right_code_of_a_phone_that_is_blocked_by_now(
    phone: str, listed: List, api: Api, last_code: Callable[[], str]
) -> None:
    api.send(phone)
    listed("block", "phone", phone)
    answer = api.verify(phone, last_code())
    assert (answer.status_code, answer.json()["code"]) == (403, "phone_blocked")


def test_a_blocked_segment_is_told(phone: str, listed: List, api: Api) -> None:
    """It says nothing of this phone, and its owner would wait for ever."""
    listed("block", "segment", phone[:4])
    answer = api.send(phone)
    assert (answer.status_code, answer.json()["code"]) == (403, "phone_blocked")
    assert not locmem.outbox


def test_an_allowed_phone_in_a_blocked_segment(phone: str, listed: List) -> None:
    listed("block", "segment", phone[:3])
    listed("allow", "phone", phone)
    send_code(phone, "login")
    assert len(locmem.outbox) == 1


def test_a_blocked_address(new_phone: NewPhone, listed: List) -> None:
    listed("block", "address", "203.0.113.0/24")
    with pytest.raises(RateLimited) as refusal:
        send_code(new_phone(), "login", ip=HERE)
    assert refusal.value.extras == {"limit": "ip"}
    assert refusal.value.retry_after == 3600
    send_code(new_phone(), "login", ip="203.0.114.1")


def test_an_allowed_address_has_no_limit_of_its_own(
    new_phone: NewPhone, listed: List, configure: Configure
) -> None:
    configure(IP_LIMITS=[[2, 3600]], CAPTCHA="always")
    listed("allow", "address", HERE)
    for _ in range(4):
        send_code(new_phone(), "login", ip=HERE)
    with pytest.raises(CaptchaRequired):
        send_code(new_phone(), "login", ip="203.0.113.8")


def test_an_allowed_phone_keeps_its_own_limits(phone: str, listed: List) -> None:
    listed("allow", "phone", phone)
    send_code(phone, "login")
    with pytest.raises(Cooldown):
        send_code(phone, "login")


def test_a_notice_to_a_blocked_phone_fails_alone(
    phone: str, new_phone: NewPhone, listed: List
) -> None:
    listed("block", "phone", phone)
    params = {"order": "D1001", "company": "顺丰", "number": "SF1"}
    blocked, good = notify([phone, new_phone()], "shipped", params)
    assert (blocked.id, blocked.status, blocked.code) == (None, "failed", "phone_blocked")
    assert good.status == "queued"
    assert [message.phone for message in Message.objects.all()] == [good.phone]


def test_what_waits_for_a_phone_that_is_blocked_by_now(
    queued_notice: Callable[..., Message], listed: List
) -> None:
    message = queued_notice()
    listed("block", "phone", message.phone)
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert (message.status, message.reason) == ("failed", "blocked")
    assert not locmem.outbox


def test_a_code_that_a_worker_sends_to_nobody(
    queued_code: Callable[..., Message],
) -> None:
    message = queued_code()
    Message.objects.update(withheld="blocked")
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert (message.status, message.reason) == ("sent", "")
    assert not locmem.outbox


def test_no_pickup_code_for_a_blocked_phone(phone: str, listed: List) -> None:
    listed("block", "phone", phone)
    with pytest.raises(PhoneBlocked):
        issue_pickup_code(phone, "D1001")


def test_a_decoy_takes_as_long_as_a_platform(
    phone: str, new_phone: NewPhone, listed: List, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(decoy, "_latest", {})
    monkeypatch.setattr(decoy, "_late", deque([0.0]))
    clock = itertools.count().__next__
    monkeypatch.setattr(decoy, "time", SimpleNamespace(perf_counter=float, sleep=slept.append))
    monkeypatch.setattr(tries, "time", SimpleNamespace(perf_counter=clock))
    send_code(new_phone(), "login")  # by this clock, a platform takes a second
    listed("block", "phone", phone)
    send_code(phone, "login")
    assert slept == [1.0]


def test_without_the_database_the_lists_are_unknown(
    phone: str, monkeypatch: pytest.MonkeyPatch, api: Api
) -> None:
    def away(_: Any) -> None:
        raise OperationalError

    rules.forget()
    monkeypatch.setattr(rules, "_version", away)
    answer = api.send(phone)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize(
    "error", [Unreachable("HTTP 500"), Declined("160021"), Uncertain("ReadTimeout")]
)
def test_a_decoy_fails_while_platforms_do(
    error: SendError,
    phone: str,
    new_phone: NewPhone,
    listed: List,
    api: Api,
    first: Fake,
    second: Fake,
) -> None:
    listed("block", "phone", phone)
    first.error = second.error = error
    other = api.send(new_phone())
    blocked = api.send(phone)
    hidden = ("id", "phone")
    assert blocked.status_code == other.status_code
    assert {**blocked.json(), **dict.fromkeys(hidden)} == {**other.json(), **dict.fromkeys(hidden)}
    first.error = second.error = None
    api.send(new_phone())
    assert api.send(phone).status_code in {202, 429}  # 429: an uncertain one keeps its place
    assert f"+86{phone}" not in {p for text in [*first.texts, *second.texts] for p in text.phones}


def test_a_number_that_is_bad_says_nothing_of_the_platform(
    phone: str, new_phone: NewPhone, listed: List, api: Api, first: Fake, second: Fake
) -> None:
    listed("block", "phone", phone)
    api.send(new_phone())
    first.error = second.error = Rejected("160042")
    assert api.send(new_phone()).status_code == 502
    assert api.send(phone).status_code == 202
