"""The log of texts in the admin: found by what staff know, and read with its whole story."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.conftest import Configure
from tests.dadashop import operators
from tests.dadashop.operators import TEXTS
from tests.dadashop.texts import MASKED, PHONE, attempt, text
from verifications.admin.filters import BoundedPaginator
from verifications.models import EarlyReceipt, Message
from verifications.services import issue_pickup_code

pytestmark = [pytest.mark.database, pytest.mark.django_db]

BARE = re.compile(r"138[- ]?0013[- ]?8000")
DAY = 86_400


def _rows(page: Any) -> list[Message]:
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def _page_of(message: Message, client: Client) -> str:
    answer = client.get(f"{TEXTS}{message.pk}/change/")
    assert answer.status_code == 200
    content: str = answer.content.decode()
    return content


def _search(operator: Client, term: str, query: str = "") -> Any:
    answer = operator.post(TEXTS + query, {"q": term})
    assert not BARE.search(answer["Location"])
    return operator.get(TEXTS + answer["Location"])


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
    assert _rows(operator.get(TEXTS)) == [newest, new, old]


def test_how_many_queries_a_page_takes(
    operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """As many for fifty rows as for one: session, user, count, rows, their tries."""
    for _ in range(60):
        attempt(text(status="sent"))
    with django_assert_num_queries(5) as queries:
        assert len(_rows(operator.get(TEXTS))) == 50
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
    assert len(_rows(page)) == 50
    assert operator.get(f"{TEXTS}?p=3").status_code == 302  # to the list, as Django does


@pytest.mark.parametrize("typed", ["13800138000", "+86 138-0013-8000", "008613800138000"])
def test_a_phone_is_found_in_any_form(typed: str, operator: Client) -> None:
    theirs, old = text(age=60), text(age=40 * DAY)
    text("+8613800138001")
    page = _search(operator, typed)
    assert _rows(page) == [theirs, old]
    links = re.findall(r'(?:href|action)="([^"]*)"', page.content.decode())
    assert not any(BARE.search(link) for link in links)


def test_an_id_is_found(operator: Client) -> None:
    wanted = text(age=40 * DAY)
    text()
    for typed in (str(wanted.pk), f" {wanted.pk.hex} "):
        assert _rows(_search(operator, typed)) == [wanted]


@pytest.mark.parametrize("typed", ["1380013", "D1001", "%", "'; --"])
def test_anything_else_finds_nothing(typed: str, operator: Client) -> None:
    text()
    page = _search(operator, typed)
    assert _rows(page) == []
    assert "请填写完整的手机号码或短信编号。" in page.content.decode()


def test_a_search_within_a_filter(operator: Client) -> None:
    text(status="failed")
    sent = text(status="sent")
    assert _rows(_search(operator, PHONE, "?status__exact=sent")) == [sent]
    assert _rows(_search(operator, PHONE, "?days=1&status__exact=sent")) == [sent]


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
    assert _rows(operator.get(f"{TEXTS}?{query}")) == [wanted]


def test_days(client: Client, travel: Callable[[float], None]) -> None:
    now = timezone.localtime()
    travel((now.replace(hour=12, minute=0) - now).total_seconds() + DAY)
    client.force_login(operators.superuser())
    ages = {0: text(), 2: text(age=2 * DAY), 10: text(age=10 * DAY), 40: text(age=40 * DAY)}

    def found(query: str) -> list[int]:
        rows = _rows(client.get(TEXTS + query))
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


def test_nothing_sorts_by_what_has_no_index(operator: Client) -> None:
    text()
    page = operator.get(f"{TEXTS}?o=1.3.4.5.6")
    assert page.context["cl"].queryset.query.order_by == ("-created_at", "-pk")


def test_the_story_of_one(operator: Client) -> None:
    message = text(status="delivered")
    attempt(message, arrival="delivered", arrival_code="DELIVRD", arrived_at=timezone.now())
    page = _page_of(message, operator)
    for words in ("已创建", "请求平台 cloopen", "耗时 87 毫秒", "cloopen 的状态报告", "顺丰"):
        assert words in page
    assert not BARE.search(page)


def test_one_that_nobody_tried_and_one_of_six_tries(operator: Client) -> None:
    assert "在队列中等待发送" in _page_of(text(), operator)
    message = text(status="failed", reason="cloopen: 160042")
    for n in range(6):
        code = {"outcome": "unavailable", "code": f"no such {n}"}
        attempt(message, started_at=message.created_at + timedelta(seconds=n), **code)
    page = _page_of(message, operator)
    assert [f"no such {n}" in page for n in range(6)] == [True] * 6


def test_a_report_that_is_still_to_be_applied(operator: Client) -> None:
    message = text(status="unknown", reason="cloopen: ReadTimeout")
    tried = attempt(message, outcome="uncertain", code="ReadTimeout", provider_message_id="")
    report = {"provider": "cloopen", "message_id": tried.request_id, "delivered": True}
    EarlyReceipt.objects.create(phone=PHONE, **report)
    EarlyReceipt.objects.create(phone="+8613800138001", **{**report, "delivered": False})
    page = _page_of(message, operator)
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
        _page_of(message, operator)


def test_other_texts_of_the_phone(operator: Client) -> None:
    message, other, strange = text(), text(age=40 * DAY), text("+8613800138001")
    page = _page_of(message, operator)
    assert str(other.pk) in page
    assert str(strange.pk) not in page


def test_a_pickup_code_is_not_shown(operator: Client) -> None:
    issue_pickup_code(PHONE, "D1001")
    message = Message.objects.get()
    page = _page_of(message, operator)
    assert "D1001" in page
    assert message.challenge not in page
    assert "code" not in dict(message.params)


@pytest.mark.parametrize("path", ["0/change/", f"{'0' * 32}/change/", "x'/change/", "x/unmask/"])
def test_one_that_is_not_there(path: str, operator: Client) -> None:
    send = operator.post if path.endswith("unmask/") else operator.get
    assert send(TEXTS + path).status_code == 404


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
    assert _rows(operator.get(TEXTS)) == []


def test_in_quiet_hours(operator: Client, configure: Configure) -> None:
    configure(QUIET_HOURS=["00:00", "23:59"])
    assert "安静时段" in _page_of(text(), operator)


def test_english(client: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    client.force_login(operators.superuser())
    message = text(status="failed", reason="cloopen: budget")
    page = _page_of(message, client)
    assert "The budget is used up" in page
