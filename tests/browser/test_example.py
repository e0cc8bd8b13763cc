"""/v1/docs/example: what is shown can be tried, and copied into a page of the mall."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import mall
from tests.browser.conftest import OpenPage
from tests.browser.shop import newest_code
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

COPIED = "/copied.html"
LogIn = Callable[[Page, Live, str], None]


@pytest.fixture
def example(open_page: OpenPage, live: Live) -> Page:
    page = open_page()
    page.goto(f"{live.url}/v1/docs/example")
    return page


def copied(example: Page, open_page: OpenPage, way: str) -> Page:
    """The code of one way, in a page of the mall with nothing else in it but what stands there."""
    code = example.locator(f"#code-{way}").inner_text()
    head = '<meta charset="utf-8"><link rel="icon" href="data:,">'
    mall.PAGES[COPIED] = f'<!doctype html><html lang="zh">{head}{code}'
    page = open_page()
    page.goto(mall.ORIGIN + COPIED)
    return page


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    mall.PAGES.pop(COPIED, None)


def log_in_anew(page: Page, live: Live, phone: str) -> None:
    page.locator("#new #phone").fill(phone)
    page.locator("#new").get_by_role("button", name="获取验证码").click()
    expect(page.locator("#new #code")).to_be_focused()
    page.keyboard.type(newest_code(live, phone))
    expect(page.locator("#new-said")).to_contain_text("登录成功：")


def log_in_as_before(page: Page, live: Live, phone: str) -> None:
    page.locator("#old-phone").fill(phone)
    page.locator("#old-send").click()
    expect(page.locator("#old-said")).to_have_text("验证码发送成功")
    page.locator("#old-verify").fill(newest_code(live, phone))
    page.locator("#old").get_by_role("button", name="登录").click()
    expect(page.locator("#old-said")).to_contain_text("登录成功：")


@pytest.mark.parametrize("log_in", [log_in_anew, log_in_as_before])
def test_it_can_be_tried(log_in: LogIn, example: Page, live: Live, phone: str) -> None:
    log_in(example, live, phone)


@pytest.mark.parametrize(("way", "log_in"), [("new", log_in_anew), ("old", log_in_as_before)])
def test_it_can_be_copied(
    way: str, log_in: LogIn, example: Page, open_page: OpenPage, live: Live, phone: str
) -> None:
    page = copied(example, open_page, way)
    log_in(page, live, phone)
    assert page.evaluate("sessionStorage.token.split('.').length") == 3
