"""What the dashboard says in words: errors, refusals, times and shares."""

import re

import pytest
from django.test import Client
from django.utils import translation

from tests.browser.board import one
from tests.dadashop.dashboard import BOARD, panel, this_hour
from verifications.admin.figures import answer, arrival, share
from verifications.admin.tables import REFUSALS
from verifications.exceptions import VerificationError
from verifications.models import Hour, HourlyCount

pytestmark = pytest.mark.django_db


def test_errors_in_words(operator: Client) -> None:
    one(this_hour())
    for series, name, code in (
        ("platform", "cloopen", "160042"),
        ("platform", "aliyun", "ConnectTimeout"),
        ("carrier", "cloopen", "MK:0012"),
        ("carrier", "cloopen", ""),
    ):
        HourlyCount.objects.create(
            hour=Hour.objects.get(), series=series, name=name, outcome=code, count=7
        )
    told = panel(operator.get(BOARD), "failures")
    for words in ("号码格式有误（160042）", "连接平台超时", "空号（MK:0012）", "状态报告 — 7"):
        assert words in told


def test_refusals_in_words(operator: Client) -> None:
    one(this_hour())
    for outcome in (*REFUSALS, "rate_limited_somebody"):
        HourlyCount.objects.create(
            hour=Hour.objects.get(), series="send_code", name="login", outcome=outcome, count=2
        )
    told = panel(operator.get(BOARD), "refusals")
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
    one(this_hour())
    with translation.override("en"):
        page = operator.get(BOARD)
    assert not re.search("[一-鿿]", panel(page, "platforms"))
