"""The page on which a developer reads the phones."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.shop import Shop, grouped, newest_code
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_shows_a_text_just_sent(open_page: OpenPage, live: Live, phone: str) -> None:
    page = open_page()
    page.goto(f"{live.sandbox_url}/sandbox/")
    live.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
    text = page.locator(".text", has_text=grouped(phone))
    expect(text.locator("mark")).to_have_text(newest_code(live, phone))


def test_the_shoppers_page_leads_there(shop: Shop) -> None:
    with shop.page.expect_popup() as opened:
        shop.page.get_by_role("link", name="查看手机短信（沙箱）").click()
    expect(opened.value).to_have_url(f"{shop.live.sandbox_url}/sandbox/")
    expect(opened.value.get_by_role("heading", name="手机短信")).to_be_visible()
    opened.value.close()


def test_says_that_it_needs_scripts(open_page: OpenPage, live: Live) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{live.sandbox_url}/sandbox/")
    # The text as it is seen: Playwright does not look into <noscript> otherwise.
    expect(page.locator("header")).to_contain_text("本页需要 JavaScript", use_inner_text=True)
    expect(page.locator("#live")).to_be_hidden()
