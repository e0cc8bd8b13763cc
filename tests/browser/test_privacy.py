"""Where the shopper's phone, code and token go, and where they do not."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_nothing_leaves_for_elsewhere_and_no_address_tells(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    shop.type_code(code)
    shop.sign_out.wait_for()
    shop.page.reload()
    expect(shop.title).to_have_text("欢迎回来")
    addresses = [request.url for request in shop.requests] + [shop.page.url]
    assert {urlsplit(url).netloc for url in addresses} == {urlsplit(shop.live.url).netloc}
    assert [url for url in addresses if phone in url or code in url] == []


def test_the_browser_keeps_the_token_alone(shop: Shop, phone: str) -> None:
    shop.log_in(phone)
    assert shop.page.context.cookies() == []
    assert shop.page.evaluate("localStorage.length") == 0
    assert shop.page.evaluate("Object.keys(sessionStorage)") == ["dadashop.token"]
    expect(shop.phone).to_be_empty()
    expect(shop.code).to_be_empty()
