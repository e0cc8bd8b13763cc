"""Who is logged in stays so until the tab is closed or the shopper logs out."""

import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_a_reload_keeps_the_shopper(shop: Shop, phone: str) -> None:
    shop.log_in(phone)
    name = shop.username.inner_text()
    shop.page.reload()
    expect(shop.title).to_have_text("欢迎回来")
    expect(shop.username).to_have_text(name)
    expect(shop.masked).to_have_text(f"{phone[:3]}****{phone[-4:]}")


def test_logging_out_lasts(shop: Shop, phone: str) -> None:
    shop.log_in(phone)
    shop.sign_out.click()
    expect(shop.focused("phone")).to_be_visible()
    assert shop.page.evaluate("sessionStorage.length") == 0
    shop.page.reload()
    expect(shop.title).to_have_text("手机号登录")
    expect(shop.phone).to_be_empty()


def test_a_token_that_is_not_good_is_dropped(shop: Shop) -> None:
    shop.page.evaluate("sessionStorage.setItem('dadashop.token', 'old')")
    with shop.page.expect_response("**/v1/users/me") as answer:
        shop.page.reload()
    assert answer.value.status == 401
    expect(shop.submit).to_have_attribute("aria-disabled", "false")
    assert shop.page.evaluate("sessionStorage.length") == 0
    expect(shop.phone).to_be_visible()
    expect(shop.error("phone")).to_be_empty()
