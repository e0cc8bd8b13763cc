import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_says_what_is_missing(open_page: OpenPage, live: Live) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(live.url)
    # The text as it is seen: Playwright does not look into <noscript> otherwise.
    expect(page.locator("main")).to_contain_text(
        "本页需要 JavaScript 才能发送验证码。请在浏览器设置中启用后刷新页面。", use_inner_text=True
    )
    expect(page.locator("dada-sms-code")).to_be_hidden()
    expect(page.locator("#modes")).to_be_hidden()
