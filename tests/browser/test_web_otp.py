"""WebOTP: the browser reads the text. This one has no phone, so a script plays that part alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.shop import Shop
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

STUB = """
window.OTPCredential ??= class {};
window.asked = [];
navigator.credentials.get = (options) => new Promise((resolve, reject) => {
  asked.push(options.otp.transport.join());
  window.read = (code) => resolve({ code });
  options.signal.addEventListener("abort", () => {
    window.aborted = true;
    reject(new DOMException("", "AbortError"));
  });
});
"""


@pytest.fixture
def shop(open_page: OpenPage, live: Live) -> Shop:
    page = open_page()
    page.add_init_script(STUB)
    return Shop(page, live)


def test_the_code_types_itself(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    assert shop.page.evaluate("asked") == ["sms"]
    shop.page.evaluate("(code) => read(code)", code)
    expect(shop.title).to_have_text("欢迎加入达达商城")


def test_logging_in_stops_the_reading(shop: Shop, phone: str) -> None:
    shop.log_in(phone)
    assert shop.page.evaluate("aborted") is True


def test_leaving_stops_the_reading(shop: Shop, phone: str) -> None:
    shop.ask_and_read(phone)
    shop.page.locator("#change-phone").click()
    assert shop.page.evaluate("aborted") is True
