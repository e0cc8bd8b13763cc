"""Staff send a text again: asked first, once, and written down."""

from typing import Any

import pytest
from django.test import Client

from tests.dadashop.acts import act, confirmed, logged, pickup
from tests.dadashop.operators import TEXTS
from tests.dadashop.texts import BARE, MASKED, PHONE, text
from verifications.models import Message
from verifications.providers import locmem

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_sending_again_asks_first(operator: Client) -> None:
    message, sent = text(status="failed"), text(status="delivered")
    page = act(operator, "resend", message, sent).content.decode()
    assert MASKED in page
    for words in ("作为新短信发送。", "不必重发", "确认重发（1）", "黑名单、安静时段"):
        assert words in page
    assert not BARE.search(page)
    assert Message.objects.count() == 2
    assert logged() == []


def test_sending_again(operator: Client) -> None:
    message = text(status="failed")
    page = confirmed(operator, "resend", message)
    new = Message.objects.exclude(pk=message.pk).get()
    assert "已重发 1 条。" in page.content.decode()
    assert f'<a href="{TEXTS}{new.pk}/change/">查看新短信</a>' in page.content.decode()
    assert [one.phones for one in locmem.outbox] == [[PHONE]]
    assert logged() == [f"重发 → {new.pk}"]
    again = confirmed(operator, "resend", message)
    assert "已经重发过" in again.content.decode()
    assert len(locmem.outbox) == 1
    assert len(logged()) == 1


def test_several_at_once(operator: Client) -> None:
    failed = [text(f"+861380013800{n}", status="failed") for n in range(3)]
    page = confirmed(operator, "resend", *failed, text(status="sent"))
    assert "已重发 3 条。" in page.content.decode()
    assert "1 条没有处理：平台已受理或已送达，不必重发。" in page.content.decode()
    assert len(locmem.outbox) == 3


def test_a_login_code_has_no_button(operator: Client) -> None:
    message = text(kind="code", template="login", status="undelivered")
    page = operator.get(f"{TEXTS}{message.pk}/change/").content.decode()
    assert 'name="action"' not in page
    assert "验证码不能由工作人员重发" in page
    page = act(operator, "resend", message).content.decode()
    assert "请顾客在页面上重新获取" in page
    assert "确认重发" not in page
    confirmed(operator, "resend", message)
    assert Message.objects.count() == 1


def test_a_pickup_code_again(operator: Client, travel: Any) -> None:
    pickup()
    travel(61)
    confirmed(operator, "resend", Message.objects.get())
    first, second = (one.params["code"] for one in locmem.outbox)
    assert first == second
    assert logged() == ["重发"]
