"""Texts are found in the admin by what staff know; no URL holds a phone, or asks for one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.dadashop import operators
from tests.dadashop.operators import TEXTS, rows_of
from tests.dadashop.texts import BARE, DAY, PHONE, attempt, text

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def _search(operator: Client, term: str, query: str = "") -> Any:
    answer = operator.post(TEXTS + query, {"q": term})
    assert not BARE.search(answer["Location"])
    return operator.get(TEXTS + answer["Location"])


@pytest.mark.parametrize("typed", ["13800138000", "+86 138-0013-8000", "008613800138000"])
def test_a_phone_is_found_in_any_form(typed: str, operator: Client) -> None:
    theirs, old = text(age=60), text(age=40 * DAY)
    text("+8613800138001")
    page = _search(operator, typed)
    assert rows_of(page) == [theirs, old]
    links = re.findall(r'(?:href|action)="([^"]*)"', page.content.decode())
    assert not any(BARE.search(link) for link in links)


def test_an_id_is_found(operator: Client) -> None:
    wanted = text(age=40 * DAY)
    text()
    for typed in (str(wanted.pk), f" {wanted.pk.hex} "):
        assert rows_of(_search(operator, typed)) == [wanted]


@pytest.mark.parametrize("typed", ["1380013", "D1001", "%", "'; --"])
def test_anything_else_finds_nothing(typed: str, operator: Client) -> None:
    text()
    page = _search(operator, typed)
    assert rows_of(page) == []
    assert "请填写完整的手机号码或短信编号。" in page.content.decode()


def test_a_search_within_a_filter(operator: Client) -> None:
    text(status="failed")
    sent = text(status="sent")
    assert rows_of(_search(operator, PHONE, "?status__exact=sent")) == [sent]
    assert rows_of(_search(operator, PHONE, "?days=1&status__exact=sent")) == [sent]


@pytest.mark.parametrize(
    "query",
    [
        "status__exact=failed",
        "kind__exact=code",
        "template=login",
        "provider=aliyun",
        "withheld__exact=blocked",
    ],
)
def test_a_filter(query: str, operator: Client) -> None:
    wanted = text(status="failed", kind="code", template="login", withheld="blocked")
    attempt(wanted, "aliyun")
    attempt(wanted)
    attempt(text())
    assert rows_of(operator.get(f"{TEXTS}?{query}")) == [wanted]


def test_days(client: Client, travel: Callable[[float], None]) -> None:
    now = timezone.localtime()
    travel((now.replace(hour=12, minute=0) - now).total_seconds() + DAY)
    client.force_login(operators.superuser())
    ages = {0: text(), 2: text(age=2 * DAY), 10: text(age=10 * DAY), 40: text(age=40 * DAY)}

    def found(query: str) -> list[int]:
        rows = rows_of(client.get(TEXTS + query))
        return [next(age for age, one in ages.items() if one == row) for row in rows]

    assert found("") == [0, 2]
    assert found("?days=1") == [0]
    assert found("?days=30") == [0, 2, 10]
    assert found("?days=all") == [0, 2, 10, 40]
    two, ten = (f"{timezone.localtime(ages[age].created_at):%Y-%m-%d}" for age in (2, 10))
    assert found(f"?from={ten}&to={two}") == [2, 10]
    assert found(f"?from={two}") == [0, 2]
    assert found(f"?to={two}&days=1") == [2, 10, 40]
    page = client.get(f"{TEXTS}?from={ten}&kind__exact=notice").content.decode()
    assert f'name="from" value="{ten}"' in page
    assert '<input type="hidden" name="kind__exact" value="notice">' in page


@pytest.mark.parametrize("query", ["days=x", "from=yesterday", "to=9999-12-31", "days=999999999"])
def test_days_that_are_none(query: str, operator: Client) -> None:
    answer = operator.get(f"{TEXTS}?{query}")
    assert (answer.status_code, answer["Location"]) == (302, f"{TEXTS}?e=1")


@pytest.mark.parametrize(
    "query",
    ["phone=%2B8613800138000", "phone__startswith=%2B86138", "attempts__code=1", "pk__gt=1"],
)
def test_no_url_asks_for_anything_else(query: str, operator: Client) -> None:
    """Or whoever may not see a phone could ask for its digits, one by one."""
    assert operator.get(f"{TEXTS}?{query}").status_code == 400
