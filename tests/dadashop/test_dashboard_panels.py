"""A panel of the dashboard fails alone."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from tests.browser.board import one
from tests.conftest import Use
from tests.dadashop.dashboard import BOARD, panel, read, this_hour
from verifications import panels, rules
from verifications.exceptions import Unavailable
from verifications.models import Budget

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("source", "name"),
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
    name: str,
    error: Exception,
    words: str,
) -> None:
    def fail(*_: Any) -> Any:
        raise error

    one(this_hour())
    monkeypatch.setattr(panels, source, fail)
    page = operator.get(BOARD)
    assert words in panel(page, name)
    assert read(page).count(words) == (2 if source == "fates" else 1)
    assert "已发送 1 条短信" in read(page)
    assert "secret" not in read(page)


@pytest.mark.parametrize("source", ["totals", "rolled_at"])
def test_so_do_the_numbers_above(
    operator: Client, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    def fail(*_: Any) -> Any:
        raise OperationalError

    one(this_hour())
    monkeypatch.setattr(panels, source, fail)
    assert "中国移动" in panel(operator.get(BOARD), "carriers")


def test_redis_away(operator: Client, use: Use) -> None:
    Budget.objects.create(hourly=1)
    rules.forget()
    use("unix:///nonexistent.sock")
    one(this_hour())
    page = operator.get(BOARD)
    for name in ("budget", "breakers"):
        assert "Redis 暂时无法访问" in panel(page, name)
    assert "cloopen 1 100.0%" in panel(page, "platforms")
