"""The log of texts in the admin: a page of rows, and that nothing is edited."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.dadashop.operators import TEXTS, rows_of
from tests.dadashop.texts import BARE, MASKED, attempt, text
from verifications.admin.filters import BoundedPaginator

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_row(operator: Client) -> None:
    message = text(status="undelivered", reason="MK:0012")
    attempt(message, "aliyun", outcome="unavailable", code="isv.AMOUNT_NOT_ENOUGH")
    attempt(message, started_at=message.created_at + timedelta(seconds=1))
    page = operator.get(TEXTS).content.decode()
    for words in (MASKED, "通知", "shipped", "未送达", "cloopen", "空号（MK:0012）"):
        assert words in page
    assert "aliyun" not in page.partition('id="result_list"')[2].partition("</table>")[0]
    assert not BARE.search(page)


def test_the_newest_come_first(operator: Client) -> None:
    old, new, newest = text(age=300), text(age=200), text(age=100)
    assert rows_of(operator.get(TEXTS)) == [newest, new, old]


def test_how_many_queries_a_page_takes(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """As many for fifty rows as for one: session, user, count, rows, their tries."""
    for _ in range(60):
        attempt(text(status="sent"))
    with django_assert_num_queries(5) as queries:
        assert len(rows_of(operator.get(TEXTS))) == 50
    counting = next(one["sql"] for one in queries if "COUNT(" in one["sql"])
    assert f"LIMIT {BoundedPaginator.MOST + 1}" in counting
    assert not [one for one in queries if "DISTINCT" in one["sql"]]


def test_it_counts_no_further_than_it_has_to(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedPaginator, "MOST", 100)
    for _ in range(100):
        text()
    assert re.search(r"100\s短信", operator.get(TEXTS).content.decode())
    text()
    page = operator.get(f"{TEXTS}?p=2")
    assert re.search(r"100\+\s短信", page.content.decode())
    assert len(rows_of(page)) == 50
    assert operator.get(f"{TEXTS}?p=3").status_code == 302  # to the list, as Django does


def test_nothing_sorts_by_what_has_no_index(operator: Client) -> None:
    text()
    page = operator.get(f"{TEXTS}?o=1.3.4.5.6")
    assert page.context["cl"].queryset.query.order_by == ("-created_at", "-pk")


def test_nothing_is_edited(operator: Client) -> None:
    message = text()
    assert operator.get(f"{TEXTS}add/").status_code == 403
    assert operator.get(f"{TEXTS}{message.pk}/delete/").status_code == 403
    assert operator.post(f"{TEXTS}{message.pk}/change/", {"status": "sent"}).status_code == 405
    form = {"action": "delete_selected", "_selected_action": [str(message.pk)], "post": "yes"}
    operator.post(TEXTS, form)
    message.refresh_from_db()
    assert message.status == "queued"


def test_an_empty_list(operator: Client) -> None:
    assert rows_of(operator.get(TEXTS)) == []
