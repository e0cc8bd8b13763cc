"""A text in the admin, with its whole story."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.conftest import Configure
from tests.dadashop import operators
from tests.dadashop.operators import TEXTS, page_of
from tests.dadashop.texts import BARE, DAY, PHONE, attempt, text
from verifications.models import EarlyReceipt, Message
from verifications.services import issue_pickup_code

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_the_story_of_one(operator: Client) -> None:
    message = text(status="delivered")
    attempt(message, arrival="delivered", arrival_code="DELIVRD", arrived_at=timezone.now())
    page = page_of(message, operator)
    for words in ("已创建", "请求平台 cloopen", "耗时 87 毫秒", "cloopen 的状态报告", "顺丰"):
        assert words in page
    assert not BARE.search(page)


def test_one_that_nobody_tried_and_one_of_six_tries(operator: Client) -> None:
    assert "在队列中等待发送" in page_of(text(), operator)
    message = text(status="failed", reason="cloopen: 160042")
    for n in range(6):
        code = {"outcome": "unavailable", "code": f"no such {n}"}
        attempt(message, started_at=message.created_at + timedelta(seconds=n), **code)
    page = page_of(message, operator)
    assert [f"no such {n}" in page for n in range(6)] == [True] * 6


def test_a_report_that_is_still_to_be_applied(operator: Client) -> None:
    message = text(status="unknown", reason="cloopen: ReadTimeout")
    tried = attempt(message, outcome="uncertain", code="ReadTimeout", provider_message_id="")
    report = {"provider": "cloopen", "message_id": tried.request_id, "delivered": True}
    EarlyReceipt.objects.create(phone=PHONE, **report)
    EarlyReceipt.objects.create(phone="+8613800138001", **{**report, "delivered": False})
    page = page_of(message, operator)
    assert page.count("尚未处理") == 1


def test_how_many_queries_a_story_takes(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, user, the text, its tries, early reports, the phone's other texts."""
    message = text(status="delivered")
    for _ in range(6):
        attempt(message)
        text(age=60)
    with django_assert_num_queries(6):
        page_of(message, operator)


def test_other_texts_of_the_phone(operator: Client) -> None:
    message, other, strange = text(), text(age=40 * DAY), text("+8613800138001")
    page = page_of(message, operator)
    assert str(other.pk) in page
    assert str(strange.pk) not in page


def test_a_pickup_code_is_not_shown(operator: Client) -> None:
    issue_pickup_code(PHONE, "D1001")
    message = Message.objects.get()
    page = page_of(message, operator)
    assert "D1001" in page
    assert message.challenge not in page
    assert "code" not in dict(message.params)


@pytest.mark.parametrize("path", ["0/change/", f"{'0' * 32}/change/", "x'/change/", "x/unmask/"])
def test_one_that_is_not_there(path: str, operator: Client) -> None:
    send = operator.post if path.endswith("unmask/") else operator.get
    assert send(TEXTS + path).status_code == 404


def test_in_quiet_hours(operator: Client, configure: Configure) -> None:
    configure(QUIET_HOURS=["00:00", "23:59"])
    assert "安静时段" in page_of(text(), operator)


def test_english(client: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    client.force_login(operators.superuser())
    message = text(status="failed", reason="cloopen: budget")
    page = page_of(message, client)
    assert "The budget is used up" in page
