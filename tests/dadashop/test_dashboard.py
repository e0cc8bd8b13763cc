"""The dashboard: who sees it, and what it shows."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.browser.board import one
from tests.conftest import Configure
from tests.dadashop import operators
from tests.dadashop.dashboard import BOARD, charts, panel, read, this_hour
from verifications import breakers, conf, rules
from verifications.models import Budget, Hour

pytestmark = pytest.mark.django_db


def test_the_short_way(operator: Client) -> None:
    answer = operator.get("/admin/dashboard/?range=7d")
    assert (answer.status_code, answer["Location"]) == (302, f"{BOARD}?range=7d")


def test_who_may_see_it(client: Client) -> None:
    assert client.get(BOARD).status_code == 302
    client.force_login(operators.staff("texts", "view_message"))
    assert client.get(BOARD).status_code == 403
    assert BOARD not in client.get("/admin/").content.decode()
    client.force_login(operators.staff("board", "view_dashboard"))
    assert client.get(BOARD).status_code == 200
    assert BOARD in client.get("/admin/").content.decode()


def test_it_is_all_there_is_of_its_model(operator: Client) -> None:
    for path in ("add/", "1/change/", "1/delete/", "1/history/"):
        assert operator.get(BOARD + path).status_code == 404
    assert operator.post(BOARD).status_code == 405


def test_before_anything_was_summed_up(operator: Client) -> None:
    page = operator.get(BOARD)
    words = read(page)
    assert "还没有汇总数据" in words
    assert "NaN" not in words
    assert "None" not in words
    assert "这段时间没有数据" in panel(page, "timeline")
    assert "没有设置预算" in panel(page, "budget")
    assert charts(page) == {}


def test_one_text(operator: Client) -> None:
    one(this_hour())
    page = operator.get(BOARD)
    assert "还没有汇总数据" not in read(page)
    assert "已发送 1 条短信" in read(page)
    assert "送达率 100.0% 1 / 1" in read(page)
    assert "cloopen 1 100.0% 0 0 0 0 100 毫秒 100 毫秒 100 毫秒 5 秒 5 秒 5 秒" in panel(
        page, "platforms"
    )
    assert "中国移动" in panel(page, "carriers")
    assert charts(page)["timeline-0"]["series"][0][1][-1] == 1
    assert charts(page)["platforms-0"]["series"][0][1] == [100.0]


@pytest.mark.parametrize(
    ("asked", "slots", "kind"),
    [("24h", 24, "bar"), ("7d", 168, "line"), ("30d", 30, "bar"), ("90d", 90, "line"),
     ("1y", 24, "bar")],
)  # fmt: skip
def test_ranges(operator: Client, asked: str, slots: int, kind: str) -> None:
    one(this_hour())
    chart = charts(operator.get(f"{BOARD}?range={asked}"))["timeline-0"]
    assert (len(chart["labels"]), chart["kind"]) == (slots, kind)


def test_that_nobody_sums_up_is_said(operator: Client) -> None:
    one(this_hour())
    assert "更新于" in read(operator.get(BOARD))
    Hour.objects.update(rolled_at=timezone.now() - timedelta(minutes=11))
    words = read(operator.get(BOARD))
    assert "beat 没有运行" in words
    assert "更新于" not in words


def test_money(operator: Client) -> None:
    Budget.objects.create(hourly="0.10", daily="2.00")
    rules.forget()
    page = operator.get(BOARD)
    assert "所有平台 本小时 ¥0.00 ¥0.10 0% 未用完" in panel(page, "budget")
    assert "所有平台 今天 ¥0.00 ¥2.00 0% 未用完" in panel(page, "budget")


def test_a_budget_of_nothing(operator: Client) -> None:
    Budget.objects.create(hourly=0)
    rules.forget()
    assert "¥0.00 ¥0.00 100% 已用完" in panel(operator.get(BOARD), "budget")


def test_a_platform_that_is_passed_over(operator: Client, configure: Configure) -> None:
    configure(PROVIDER_ORDER=["cloopen", "locmem"])
    for _ in range(conf.get().breaker[0]):
        breakers.report("cloopen", ok=False)
    told = panel(operator.get(BOARD), "breakers")
    assert re.search(r"cloopen 暂停使用，1[0-5] 秒后重试 locmem 正常", told)


def test_no_query_reads_the_texts(
    operator: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """However many there are: all is from the sums."""
    one(this_hour())
    with django_assert_max_num_queries(25) as seen:
        operator.get(f"{BOARD}?range=90d")
    tables = re.findall(r'FROM "?(\w+)', " ".join(query["sql"] for query in seen.captured_queries))
    assert not {"verifications_message", "verifications_deliveryattempt"} & set(tables)
    assert "verifications_hourlycount" in tables
