"""What the page of a text tells: all that happened to it in order, and what is next."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.utils.dateparse import parse_datetime

from tests.conftest import Configure
from verifications import story
from verifications.models import DeliveryAttempt, EarlyReceipt, Message

NOON = parse_datetime("2026-06-01T12:00:00+08:00")
assert NOON


def _after(seconds: float, start: datetime = NOON) -> datetime:
    return start + timedelta(seconds=seconds)


def _message(**changed: Any) -> Message:
    made = changed.pop("created_at", NOON)
    fields: dict[str, Any] = {
        "phone": "+8613800138000",
        "kind": "notice",
        "template": "shipped",
        "status": "queued",
        "created_at": made,
        "updated_at": _after(80_000, made),
        "due_at": _after(300, made),
        "expires_at": _after(86_400, made),
    }
    return Message(**{**fields, **changed})


def _try(after: float, provider: str = "cloopen", **changed: Any) -> DeliveryAttempt:
    fields: dict[str, Any] = {"outcome": "sent", "latency_ms": 87, "request_id": uuid4().hex}
    return DeliveryAttempt(provider=provider, started_at=_after(after), **{**fields, **changed})


def _tell(
    message: Message, *tries: DeliveryAttempt, now: float = 3600, early: Any = ()
) -> list[story.Event]:
    told = story.tell(message, tries, early, _after(now, message.created_at))
    past = [event.at for event in told if not event.coming]
    assert all(one <= other for one, other in pairwise(past))
    return told


def _titles(told: list[story.Event]) -> list[str]:
    return [event.title for event in told]


def test_a_text_that_arrived() -> None:
    arrival: dict[str, Any] = {"arrival": "delivered", "arrival_code": "DELIVRD"}
    arrival["arrived_at"] = _after(4)
    told = _tell(_message(status="delivered", updated_at=_after(4)), _try(1, **arrival))
    assert _titles(told) == ["已创建", "请求平台 cloopen", "cloopen 的状态报告"]
    assert told[1].detail == "已受理 · 耗时 87 毫秒"
    assert told[2] == (_after(4), "cloopen 的状态报告", "已送达 · 已送达（DELIVRD）", "good", False)


def test_failing_over_and_not_arriving() -> None:
    refused = _try(1, outcome="unavailable", code="160042")
    took = _try(2, "aliyun", arrival="undelivered", arrival_code="MK:0012", arrived_at=_after(9))
    told = _tell(_message(status="undelivered", reason="MK:0012"), refused, took)
    assert [event.tone for event in told] == ["plain", "bad", "good", "bad"]
    assert "（160042）" in told[1].detail
    assert "空号（MK:0012）" in told[3].detail


def test_a_report_of_which_the_time_was_not_kept() -> None:
    told = _tell(_message(status="delivered"), _try(1, arrival="delivered"))
    assert (told[2].at, told[2].detail) == (_after(1), "已送达 · 时间未记录")


def test_an_unknown_code_is_shown_as_it_is() -> None:
    told = _tell(
        _message(status="failed", reason="x: Y"), _try(1, "x", outcome="rejected", code="Y")
    )
    assert told[1].detail == "号码被拒绝 · Y · 耗时 87 毫秒"
    assert (told[2].title, told[2].detail) == ("发送失败", "Y")


def test_six_tries() -> None:
    tries = [_try(n, outcome="unavailable", code="HTTP 500") for n in range(1, 7)]
    waiting = _message(rounds=6, due_at=_after(3700), reason="cloopen: HTTP 500")
    told = _tell(waiting, *tries)
    assert _titles(told) == ["已创建", *["请求平台 cloopen"] * 6, "再次发送", "此后不再发送"]
    assert told[7].coming
    assert (told[7].at, told[7].detail) == (_after(3700), "平台的应答是 HTTP 500 · 已推迟 6 次")


def test_one_that_nobody_has_tried() -> None:
    told = _tell(_message(), now=1)
    assert _titles(told) == ["已创建", "在队列中等待发送", "此后不再发送"]
    over = _tell(_message(expires_at=_after(10)))
    assert _titles(over) == ["已创建", "在队列中等待发送"]


def test_one_that_a_worker_holds_or_has_left() -> None:
    held = _message(claim=uuid4(), claimed_until=_after(60))
    assert _titles(_tell(held, _try(1, outcome="open", latency_ms=None), now=2))[2] == "正在发送"
    assert "另一个进程" in _titles(_tell(held, now=61))[1]


def test_a_notice_of_the_night(configure: Configure) -> None:
    configure(QUIET_HOURS=["22:00", "08:00"])
    late, morning = _after(11 * 3600), _after(20 * 3600)
    waiting = _message(created_at=late, due_at=morning)
    told = _tell(waiting, now=60)
    assert _titles(told) == ["已创建", "安静时段", "安静时段结束后发送", "此后不再发送"]
    assert told[1].detail == "推迟到 06-02 08:00"
    assert (told[2].at, told[2].coming) == (morning, True)
    sent = _message(created_at=late, status="sent", updated_at=morning)
    told = _tell(sent, _try(20 * 3600))
    assert _titles(told) == ["已创建", "安静时段", "请求平台 cloopen", "已发送"]
    assert "安静时段" not in _titles(_tell(_message(created_at=late, kind="code"), now=60))
    earlier = _try(11 * 3600 + 1)  # in hours that were no quiet ones then
    assert "安静时段" not in _titles(_tell(sent, earlier, now=9 * 3600))


def test_a_report_that_nobody_applied_yet() -> None:
    early = EarlyReceipt(
        provider="cloopen", message_id="1", delivered=False, code="MK:0012", received_at=_after(2)
    )
    told = _tell(_message(status="unknown"), _try(1, outcome="uncertain"), early=[early])
    assert told[2].title == "cloopen 的状态报告，尚未处理"
    assert told[2].detail == "未送达 · 空号（MK:0012）"
    assert "以报告为准" in told[3].detail


def test_one_that_nobody_was_sent() -> None:
    told = _tell(_message(kind="code", status="sent", withheld="blocked"), _try(1, "withheld"))
    assert (told[1].title, told[1].detail) == ("不实际发送", "号码在黑名单中")


@pytest.mark.parametrize("status", sorted({*Message.Status} - {"queued"}))
def test_the_end_is_told_of_every_status(status: str) -> None:
    told = _tell(_message(status=status, updated_at=_after(5)))
    assert told[-1].title == str(Message.Status(status).label)


@pytest.mark.parametrize("outcome", [*DeliveryAttempt.Outcome])
def test_every_outcome_has_its_words(outcome: str) -> None:
    told = _tell(_message(status="sent"), _try(1, outcome=outcome))
    assert told[1].detail.startswith(str(DeliveryAttempt.Outcome(outcome).label))
