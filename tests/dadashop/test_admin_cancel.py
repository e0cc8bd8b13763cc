"""Staff cancel texts and pickup codes, while there is time."""

import re

import pytest
from django.test import Client

from tests.dadashop.acts import act, confirmed, logged, pickup
from tests.dadashop.operators import PICKUPS, TEXTS
from tests.dadashop.texts import text
from verifications import claims
from verifications.models import Message

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_cancelling(operator: Client) -> None:
    waiting, held, sent = text(), text(), text(status="sent")
    claims.take([held.pk])
    page = act(operator, "cancel", waiting, held, sent).content.decode()
    assert (page.count("已经来不及"), "确认取消发送（1）" in page) == (2, True)
    page = confirmed(operator, "cancel", waiting, held, sent).content.decode()
    assert "已取消 1 条。" in page
    assert "2 条没有处理：已经来不及：已交给平台，或正在发送。" in page
    statuses = dict(Message.objects.values_list("pk", "status"))
    assert statuses == {waiting.pk: "failed", held.pk: "queued", sent.pk: "sent"}
    assert logged() == ["取消发送"]


def test_one_that_was_sent_meanwhile(operator: Client) -> None:
    """Between the question and the answer."""
    message = text()
    assert "确认取消发送（1）" in act(operator, "cancel", message).content.decode()
    claims.take([message.pk])
    assert "已经来不及" in confirmed(operator, "cancel", message).content.decode()
    assert logged() == []


def test_too_many_at_once(operator: Client) -> None:
    rows = [text() for _ in range(201)]
    answer = act(operator, "cancel", rows[0], select_across="1", confirmed="yes")
    page = operator.get(answer["Location"])
    assert "一次最多处理 200 条" in page.content.decode()
    assert not Message.objects.filter(status="failed").exists()
    rows[0].delete()
    act(operator, "cancel", rows[1], select_across="1", confirmed="yes")
    assert not Message.objects.filter(status="queued").exists()


def test_nothing_chosen(operator: Client) -> None:
    page = operator.post(TEXTS, {"action": "resend", "index": "0"}, follow=True)
    assert page.status_code == 200
    assert "confirmed" not in page.content.decode()


@pytest.mark.parametrize("where", [TEXTS, PICKUPS])
def test_a_button_leads_to_the_question(where: str, operator: Client) -> None:
    """Even of a text that the list would leave out."""
    row = pickup() if where == PICKUPS else text(age=40 * 86_400)
    page = operator.get(f"{where}{row.pk}/change/").content.decode()
    (form,) = re.findall(r'<form method="post" action="([^"]+)">.{0,200}value="cancel"', page, re.S)
    answer = operator.post(
        form, {"action": "cancel", "index": "0", "_selected_action": [str(row.pk)]}
    )
    assert "（1）" in answer.content.decode()


def test_a_pickup_code_is_cancelled(operator: Client) -> None:
    code = pickup()
    page = act(operator, "cancel", code, where=PICKUPS).content.decode()
    assert "此码立即作废" in page
    page = confirmed(operator, "cancel", code, where=PICKUPS).content.decode()
    assert "已取消 1 个提货码。" in page
    code.refresh_from_db()
    assert code.cancelled_at
    assert logged() == ["取消提货码"]
    again = confirmed(operator, "cancel", code, where=PICKUPS).content.decode()
    assert "1 条没有处理：已提货、已取消或已过期。" in again
