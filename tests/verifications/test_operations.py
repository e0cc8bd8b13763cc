"""What staff do to texts: once however often it is clicked, and never what the rules forbid."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.conftest import Configure
from tests.verifications.platforms import SHIPPED, Fake
from tests.verifications.racing import race
from tests.waiting import Waiting
from verifications import claims, metrics, operations, rules
from verifications.models import DeliveryAttempt, IdempotencyKey, ListEntry, Message, PickupCode
from verifications.services import redeem_pickup_code, send_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Queued = Callable[..., Message]
Issue = Callable[..., str]
NOT_ARRIVED = ["failed", "undelivered", "expired", "unknown"]


@pytest.mark.parametrize("status", NOT_ARRIVED)
def test_a_notice_that_did_not_arrive(status: str, queued_notice: Queued, first: Fake) -> None:
    old = queued_notice(status=status)
    assert operations.may_resend(old).ok
    assert first.texts == []
    verdict = operations.resend(old)
    new = Message.objects.exclude(pk=old.pk).get()
    assert (verdict.ok, verdict.message_id) == (True, str(new.pk))
    assert (new.phone, new.template, new.params) == (old.phone, "shipped", SHIPPED)
    assert [dict(text.params) for text in first.texts] == [SHIPPED]
    old.refresh_from_db()
    assert old.status == status


def test_an_unknown_one_may_arrive_twice(queued_notice: Queued, first: Fake) -> None:
    assert "两条" in operations.may_resend(queued_notice(status="unknown")).words


@pytest.mark.parametrize("status", ["queued", "sent", "delivered"])
def test_a_notice_that_needs_no_second(status: str, queued_notice: Queued, first: Fake) -> None:
    assert not operations.resend(queued_notice(status=status)).ok
    assert first.texts == []


def test_clicked_again(queued_notice: Queued, first: Fake) -> None:
    old = queued_notice(status="failed")
    sent = operations.resend(old)
    again = operations.resend(old)
    assert (again.ok, again.message_id) == (False, sent.message_id)
    assert len(first.texts) == 1


def test_clicked_at_once_by_several(queued_notice: Queued, first: Fake) -> None:
    old = queued_notice(status="failed")
    race(4, lambda _: operations.resend(Message.objects.get(pk=old.pk)))
    assert Message.objects.count() == 2
    assert len(first.texts) == 1


def test_the_new_one_may_be_sent_again(queued_notice: Queued, first: Fake) -> None:
    operations.resend(queued_notice(status="failed"))
    new = Message.objects.get(status="sent")
    Message.objects.filter(pk=new.pk).update(status="undelivered")
    new.refresh_from_db()
    assert operations.resend(new).ok
    assert len(first.texts) == 2


def test_a_blocked_phone_gets_none(queued_notice: Queued, first: Fake) -> None:
    """And the refusal is not kept: once it is let go, the text may be sent again."""
    old = queued_notice(status="failed")
    entry = ListEntry.objects.create(list="block", what="phone", value=old.phone)
    rules.forget()
    assert operations.resend(old).words == "号码在黑名单中。"
    assert not IdempotencyKey.objects.exists()
    entry.delete()
    rules.forget()
    assert operations.resend(old).ok


def test_at_night_it_waits(
    queued_notice: Queued, first: Fake, configure: Configure, at: Callable[[str], None]
) -> None:
    configure(QUIET_HOURS=["22:00", "08:00"])
    at("2026-01-01T23:00+08:00")
    old = queued_notice(status="failed")
    verdict = operations.resend(old)
    assert Message.objects.get(pk=verdict.message_id).status == "queued"
    assert first.texts == []


def test_a_template_that_is_gone_or_another_now(queued_notice: Queued, first: Fake) -> None:
    gone = operations.resend(queued_notice(status="failed", template="gone"))
    assert gone == (False, "没有这个通知模板。", "")
    changed = operations.resend(queued_notice(status="failed", params={"order": "D1"}))
    assert not changed.ok
    assert "模板需要的参数" in changed.words


def test_a_country_that_was_switched_off(queued_notice: Queued, first: Fake) -> None:
    verdict = operations.resend(queued_notice(phone="+85251234567", status="failed"))
    assert (verdict.ok, "国家或地区" in verdict.words) == (False, True)


def test_a_login_code_is_its_shoppers(phone: str, first: Fake) -> None:
    message = Message.objects.get(pk=send_code(phone, "login").id)
    Message.objects.filter(pk=message.pk).update(status="undelivered")
    message.refresh_from_db()
    verdict = operations.resend(message)
    assert (verdict.ok, "重新获取" in verdict.words) == (False, True)
    assert len(first.texts) == 1


@pytest.mark.parametrize("status", [*NOT_ARRIVED, "sent", "delivered"])
def test_a_pickup_code_is_texted_again_unchanged(
    status: str, issue: Issue, first: Fake, travel: Callable[[float], None]
) -> None:
    code = issue()
    Message.objects.update(status=status)
    travel(61)
    assert operations.resend(Message.objects.get()).ok
    assert [text.params["code"] for text in first.texts] == [code, code]


def test_a_pickup_code_just_texted(issue: Issue, first: Fake) -> None:
    issue()
    verdict = operations.resend(Message.objects.get())
    assert (verdict.ok, "60 秒" in verdict.words) == (False, True), verdict.words
    assert len(first.texts) == 1


def _redeemed(code: str) -> None:
    redeem_pickup_code(code, order="D1001")


def _cancelled(code: str) -> None:
    operations.cancel_pickup(PickupCode.objects.get())


def _expired(code: str) -> None:
    PickupCode.objects.update(expires_at=timezone.now())


def _of_another_code(code: str) -> None:
    PickupCode.objects.update(challenge="0" * 20)


@pytest.mark.parametrize("end", [_redeemed, _cancelled, _expired, _of_another_code])
def test_a_pickup_code_that_is_no_more(
    end: Callable[[str], None], issue: Issue, first: Fake, travel: Callable[[float], None]
) -> None:
    code = issue()
    message = Message.objects.get()
    travel(61)
    end(code)
    assert "不能重发" in operations.resend(message).words
    assert len(first.texts) == 1


def test_one_that_waits_is_cancelled(queued_notice: Queued, waiting: Waiting) -> None:
    message = queued_notice()
    assert operations.may_cancel(message) == (True, "不再发送。", "")
    assert operations.cancel(message).ok
    message.refresh_from_db()
    assert (message.status, message.reason) == ("failed", "cancelled")
    assert claims.take([message.pk])[1] == []
    assert not operations.cancel(message).ok


def test_one_that_its_platform_may_have_taken(queued_notice: Queued) -> None:
    message = queued_notice(rounds=1)
    DeliveryAttempt.objects.create(
        message=message, provider="first", outcome="uncertain", started_at=timezone.now()
    )
    assert "仍可能收到" in operations.may_cancel(message).words
    assert operations.cancel(message).ok
    message.refresh_from_db()
    assert (message.status, message.reason) == ("unknown", "cancelled")


@pytest.mark.parametrize("status", sorted({*Message.Status} - {"queued"}))
def test_what_has_ended_is_not_cancelled(status: str, queued_notice: Queued) -> None:
    message = queued_notice(status=status)
    assert not operations.may_cancel(message).ok
    assert not operations.cancel(message).ok
    message.refresh_from_db()
    assert message.status == status


def test_one_that_a_worker_holds(queued_notice: Queued) -> None:
    """Even where it fell silent: its platform may have been asked."""
    message = queued_notice()
    claims.take([message.pk])
    assert not operations.cancel(message).ok
    held = queued_notice(claim=uuid4(), claimed_until=timezone.now() - timedelta(hours=1))
    assert not operations.may_cancel(held).ok
    assert not operations.cancel(held).ok


def test_one_that_was_tried_since_it_was_read(queued_notice: Queued) -> None:
    """What we know of its tries is old then."""
    message = queued_notice()
    Message.objects.filter(pk=message.pk).update(rounds=1)
    assert not operations.cancel(message).ok


def test_a_pickup_code_is_cancelled_once(issue: Issue) -> None:
    issue()
    code = PickupCode.objects.get()
    assert operations.may_cancel_pickup(code).ok
    assert operations.cancel_pickup(code).ok
    code.refresh_from_db()
    assert code.cancelled_at
    assert not operations.may_cancel_pickup(code).ok
    assert operations.cancel_pickup(code) == (False, "已提货、已取消或已过期。", "")


def test_what_is_counted(queued_notice: Queued, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[Any] = []

    class Counter:
        def labels(self, *labels: str) -> "Counter":
            counted.append(labels)
            return self

        def inc(self, by: float) -> None:
            counted.append(by)

    monkeypatch.setattr(metrics, "MESSAGES", Counter())
    operations.cancel(queued_notice())
    assert counted == [("notice", "failed"), 1]
