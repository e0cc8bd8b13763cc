"""The script comes late, or not at all: the page says so, and what was typed is not lost."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.shop import grouped
from tests.browser.test_accessibility import violations
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

SCRIPT = "**/dada-sms-code.js"
LOADING = "页面还在加载，可以先填写手机号。若等了很久，请刷新页面或换一个浏览器。"


def test_what_is_typed_before_is_kept(open_page: OpenPage, live: Live, phone: str) -> None:
    page, held = open_page(), list[Route]()
    page.route(SCRIPT, lambda route: held.append(route))
    page.goto(live.url, wait_until="commit")
    early = page.locator("#early-phone")
    expect(early).to_be_focused()
    page.locator("label[for=mode-register]").click()
    early.press_sequentially(phone[:7])
    expect(page.get_by_text(LOADING)).to_be_visible()
    assert violations(page) == []
    for route in held:
        route.continue_()
    expect(page.locator("#phone")).to_have_value(grouped(phone[:7]).strip())
    expect(page.locator("#title")).to_have_text("手机号注册")
    page.keyboard.type(phone[7:])
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    expect(page.get_by_text(LOADING)).to_have_count(0)


def test_a_page_whose_script_is_quick_says_nothing_of_it(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(live.url)
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    expect(page.get_by_text(LOADING)).to_have_count(0)


def test_a_script_that_never_comes(
    open_page: OpenPage, live: Live, phone: str, complaints: list[str]
) -> None:
    page = open_page()
    page.route(SCRIPT, lambda route: route.abort())
    page.goto(live.url)
    page.keyboard.type(phone)
    page.keyboard.press("Enter")
    expect(page.get_by_text(LOADING)).to_be_visible()
    assert page.url == f"{live.url}/"
    assert all("dada-sms-code.js" in text for text in complaints)
    complaints.clear()
