"""The dashboard: who sees it, what it says in words, and that a panel may fail alone."""

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone, translation

from tests.browser.board import one
from tests.conftest import Configure
from tests.dadashop import operators
from verifications import breakers, conf, panels, rules
from verifications.admin.figures import answer, arrival, share
from verifications.admin.tables import REFUSALS
from verifications.exceptions import Unavailable, VerificationError
from verifications.models import Budget, Hour, HourlyCount

pytestmark = pytest.mark.django_db

BOARD = "/admin/verifications/hour/"


def _text(page: Any) -> str:
    """What an operator reads."""
    assert page.status_code == 200
    content = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", page.content.decode())
    return " ".join(html.unescape(content).split())


def _panel(page: Any, name: str) -> str:
    _, found, rest = page.content.decode().partition(f'id="{name}"')
    assert found
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", rest.partition("</section>")[0])).split())


def _charts(page: Any) -> dict[str, Any]:
    found = re.search(r'<script id="charts"[^>]*>(.*?)</script>', page.content.decode())
    assert found
    charts: dict[str, Any] = json.loads(found[1])
    return charts


def _now() -> Any:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


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
    text = _text(page)
    assert "还没有汇总数据" in text
    assert "NaN" not in text
    assert "None" not in text
    assert "这段时间没有数据" in _panel(page, "timeline")
    assert "没有设置预算" in _panel(page, "budget")
    assert _charts(page) == {}


def test_one_text(operator: Client) -> None:
    one(_now())
    page = operator.get(BOARD)
    assert "还没有汇总数据" not in _text(page)
    assert "已发送 1 条短信" in _text(page)
    assert "送达率 100.0% 1 / 1" in _text(page)
    assert "cloopen 1 100.0% 0 0 0 0 100 毫秒 100 毫秒 100 毫秒 5 秒 5 秒 5 秒" in _panel(
        page, "platforms"
    )
    assert "中国移动" in _panel(page, "carriers")
    assert _charts(page)["timeline-0"]["series"][0][1][-1] == 1
    assert _charts(page)["platforms-0"]["series"][0][1] == [100.0]


@pytest.mark.parametrize(
    ("asked", "slots", "kind"),
    [("24h", 24, "bar"), ("7d", 168, "line"), ("30d", 30, "bar"), ("90d", 90, "line"),
     ("1y", 24, "bar")],
)  # fmt: skip
def test_ranges(operator: Client, asked: str, slots: int, kind: str) -> None:
    one(_now())
    chart = _charts(operator.get(f"{BOARD}?range={asked}"))["timeline-0"]
    assert (len(chart["labels"]), chart["kind"]) == (slots, kind)


def test_that_nobody_sums_up_is_said(operator: Client) -> None:
    one(_now())
    assert "更新于" in _text(operator.get(BOARD))
    Hour.objects.update(rolled_at=timezone.now() - timedelta(minutes=11))
    text = _text(operator.get(BOARD))
    assert "beat 没有运行" in text
    assert "更新于" not in text


@pytest.mark.parametrize(
    ("source", "panel"),
    [
        ("timeline", "timeline"),
        ("funnel", "funnel"),
        ("refusals", "refusals"),
        ("fates", "platforms"),
        ("fates", "carriers"),
        ("budget", "budget"),
        ("breaker_states", "breakers"),
        ("failures", "failures"),
    ],
)
@pytest.mark.parametrize(
    ("error", "words"),
    [(Unavailable(), "Redis 暂时无法访问"), (OperationalError("secret"), "数据库暂时无法读取")],
)
def test_a_panel_fails_alone(
    operator: Client,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    panel: str,
    error: Exception,
    words: str,
) -> None:
    def fail(*_: Any) -> Any:
        raise error

    one(_now())
    monkeypatch.setattr(panels, source, fail)
    page = operator.get(BOARD)
    assert words in _panel(page, panel)
    assert _text(page).count(words) == (2 if source == "fates" else 1)
    assert "已发送 1 条短信" in _text(page)
    assert "secret" not in _text(page)


@pytest.mark.parametrize("source", ["totals", "rolled_at"])
def test_so_do_the_numbers_above(
    operator: Client, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    def fail(*_: Any) -> Any:
        raise OperationalError

    one(_now())
    monkeypatch.setattr(panels, source, fail)
    assert "中国移动" in _panel(operator.get(BOARD), "carriers")


def test_redis_away(operator: Client, configure: Configure, settings: Any, tmp_path: Any) -> None:
    nowhere = {**settings.CACHES["default"], "LOCATION": "unix:///nonexistent.sock"}
    settings.CACHES = {**settings.CACHES, "nowhere": nowhere}
    Budget.objects.create(hourly=1)
    rules.forget()
    configure(REDIS_ALIAS="nowhere")
    one(_now())
    page = operator.get(BOARD)
    for panel in ("budget", "breakers"):
        assert "Redis 暂时无法访问" in _panel(page, panel)
    assert "cloopen 1 100.0%" in _panel(page, "platforms")


def test_money(operator: Client) -> None:
    Budget.objects.create(hourly="0.10", daily="2.00")
    rules.forget()
    page = operator.get(BOARD)
    assert "所有平台 本小时 ¥0.00 ¥0.10 0% 未用完" in _panel(page, "budget")
    assert "所有平台 今天 ¥0.00 ¥2.00 0% 未用完" in _panel(page, "budget")


def test_a_budget_of_nothing(operator: Client) -> None:
    Budget.objects.create(hourly=0)
    rules.forget()
    assert "¥0.00 ¥0.00 100% 已用完" in _panel(operator.get(BOARD), "budget")


def test_a_platform_that_is_passed_over(operator: Client, configure: Configure) -> None:
    configure(PROVIDER_ORDER=["cloopen", "locmem"])
    for _ in range(conf.get().breaker[0]):
        breakers.report("cloopen", ok=False)
    told = _panel(operator.get(BOARD), "breakers")
    assert re.search(r"cloopen 暂停使用，1[0-5] 秒后重试 locmem 正常", told)


def test_errors_in_words(operator: Client) -> None:
    one(_now())
    for series, name, code in (
        ("platform", "cloopen", "160042"),
        ("platform", "aliyun", "ConnectTimeout"),
        ("carrier", "cloopen", "MK:0012"),
        ("carrier", "cloopen", ""),
    ):
        HourlyCount.objects.create(
            hour=Hour.objects.get(), series=series, name=name, outcome=code, count=7
        )
    told = _panel(operator.get(BOARD), "failures")
    for words in ("号码格式有误（160042）", "连接平台超时", "空号（MK:0012）", "状态报告 — 7"):
        assert words in told


def test_refusals_in_words(operator: Client) -> None:
    one(_now())
    for outcome in (*REFUSALS, "rate_limited_somebody"):
        HourlyCount.objects.create(
            hour=Hour.objects.get(), series="send_code", name="login", outcome=outcome, count=2
        )
    told = _panel(operator.get(BOARD), "refusals")
    for words in (*map(str, REFUSALS.values()), "rate_limited_somebody"):
        assert f"{words} 获取验证码 2" in told


def test_every_refusal_of_a_code_has_words() -> None:
    of_accounts = {"already_registered", "not_registered", "invalid_request"}
    codes = {row.code for row in VerificationError.__subclasses__()} - of_accounts
    limits = {f"rate_limited_{limit}" for limit in ("phone", "ip", "prefix", "global")}
    assert set(REFUSALS) == codes - {"rate_limited"} | limits


@pytest.mark.parametrize(
    ("ms", "words"),
    [(None, "—"), (0.4, "1 毫秒"), (999, "999 毫秒"), (1000, "1 秒"), (1250, "1.2 秒"),
     (float("inf"), "> 10 秒")],
)  # fmt: skip
def test_how_long_an_answer_took(ms: float | None, words: str) -> None:
    assert answer(ms) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "—"), (0.5, "500 毫秒"), (90, "90 秒"), (600, "10 分钟"), (10_000, "3 小时"),
     (float("inf"), "> 6 小时")],
)  # fmt: skip
def test_how_long_a_text_took(seconds: float | None, words: str) -> None:
    assert arrival(seconds) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 0, "—"), (1, 3, "33.3%"), (3, 2, "150.0%")]
)
def test_shares(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


def test_in_english(operator: Client) -> None:
    one(_now())
    with translation.override("en"):
        page = operator.get(BOARD)
    assert not re.search("[一-鿿]", _panel(page, "platforms"))


def test_no_query_reads_the_texts(
    operator: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """However many there are: all is from the sums."""
    one(_now())
    with django_assert_max_num_queries(25) as seen:
        operator.get(f"{BOARD}?range=90d")
    tables = re.findall(r'FROM "?(\w+)', " ".join(query["sql"] for query in seen.captured_queries))
    assert not {"verifications_message", "verifications_deliveryattempt"} & set(tables)
    assert "verifications_hourlycount" in tables
