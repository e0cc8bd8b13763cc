"""The dashboard in a browser: its charts are drawn, in every state, theme and width."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import SCHEMES, OpenPage
from tests.browser.test_accessibility import violations
from tests.live import ROOT, Live, clean_environment, start, stop
from tests.until import until

pytestmark = [pytest.mark.browser, pytest.mark.live]

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
BOARD = "/admin/verifications/hour/"

OpenBoard = Callable[..., Page]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One of our own, whose texts are made up."""
    running = start(tmp_path_factory.mktemp("board"))
    yield running
    stop(running)


@pytest.fixture(scope="module")
def without_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    running = start(tmp_path_factory.mktemp("no-redis"), REDIS_URL="unix:///nonexistent.sock")
    yield running
    stop(running)


@pytest.fixture
def open_board(open_page: OpenPage) -> OpenBoard:
    """open_board(product, "full"): logged in, in a profile of its own."""

    def open_one(product: Live, state: str, query: str = "", **options: Any) -> Page:
        session = _made_up(product, state)
        page = open_page(WIDE, reduced_motion="reduce", **options)
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": f"{product.url}/admin/"}]
        )
        page.goto(f"{product.url}{BOARD}{query}")
        return page

    return open_one


def _made_up(product: Live, state: str) -> str:
    """Its cookie."""
    return subprocess.run(
        [sys.executable, "-m", "tests.browser.board", state],
        cwd=ROOT,
        env=clean_environment(DADASHOP_DATA_DIR=str(product.data_dir)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


def _drawn(page: Page) -> int:
    """How many charts are, once they all are."""
    page.locator(".board[data-drawn]").wait_for()
    return int(page.locator(".board").get_attribute("data-drawn") or 0)


def _shoot(page: Page, name: str) -> None:
    """build/screenshots; nothing is wider than the window but what scrolls by itself."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            path = ROOT / "build/screenshots" / f"dashboard-{name}-{size['width']}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
            assert path.stat().st_size > 1000
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize(("state", "charts"), [("full", 9), ("one", 8), ("empty", 0)])
def test_each_state(open_board: OpenBoard, product: Live, state: str, charts: int) -> None:
    page = open_board(product, state)
    assert _drawn(page) == charts
    assert page.locator("canvas").count() == charts
    _shoot(page, state)
    page.set_viewport_size(WIDE)
    assert violations(page) == []


def test_redis_away(open_board: OpenBoard, without_redis: Live) -> None:
    page = open_board(without_redis, "full")
    assert _drawn(page) == 9
    for panel in ("#budget", "#breakers"):
        expect(page.locator(panel)).to_contain_text("Redis 暂时无法访问")
    expect(page.locator("#platforms tbody tr")).to_have_count(2)
    _shoot(page, "redis-away")


def test_a_longer_range(open_board: OpenBoard, product: Live) -> None:
    page = open_board(product, "full")
    page.get_by_role("link", name="7 天").click()
    page.wait_for_url("**/hour/?range=7d")
    expect(page.locator(".board nav [aria-current]")).to_have_text("7 天")
    _drawn(page)
    labels = "Chart.getChart(document.querySelector('canvas')).data.labels.length"
    assert page.evaluate(labels) == 168
    _shoot(page, "week")


def test_the_table_beneath_a_chart(open_board: OpenBoard, product: Live) -> None:
    page = open_board(product, "full")
    page.locator("#timeline summary").click()
    expect(page.locator("#timeline tbody tr")).to_have_count(24)
    expect(page.locator("#timeline tbody tr").first).to_be_visible()


def test_charts_follow_the_theme(open_board: OpenBoard, product: Live) -> None:
    page = open_board(product, "one")
    page.emulate_media(color_scheme="light")
    _drawn(page)
    colour = "Chart.getChart(document.querySelector('canvas')).data.datasets[0].backgroundColor"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    # Not wait_for_function, whose second look is an eval() that the page's policy forbids.
    until(lambda: page.evaluate(colour) != light)
    page.locator(".theme-toggle").first.click()  # from the system's, which is dark, to the light
    until(lambda: page.evaluate(colour) == light)
    page.evaluate("localStorage.clear()")


def test_without_scripts_all_is_in_the_tables(open_board: OpenBoard, product: Live) -> None:
    page = open_board(product, "full", java_script_enabled=False)
    expect(page.locator("#carriers tbody tr")).to_have_count(5)
    expect(page.locator("canvas").first).to_be_hidden()
