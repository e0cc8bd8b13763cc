"""A phone number that cannot be texted."""

import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_half_a_number_is_not_sent(shop: Shop) -> None:
    for short in ("", "138"):
        shop.ask(short)
        expect(shop.error("phone")).to_have_text("请输入完整的 11 位手机号")
        expect(shop.focused("phone")).to_be_visible()
    assert shop.asked() == 0


def test_the_server_does_not_take_the_number(shop: Shop) -> None:
    shop.ask("10000000000")
    expect(shop.error("phone")).to_have_text("手机号不正确，请检查后重新输入。")
    expect(shop.phone).to_have_attribute("aria-invalid", "true")
    expect(shop.focused("phone")).to_be_visible()
    shop.phone.press("Backspace")
    expect(shop.error("phone")).to_be_empty()
    expect(shop.phone).to_have_attribute("aria-invalid", "false")
