import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop, grouped, newest_code

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_logs_in(shop: Shop, phone: str) -> None:
    keyboard = shop.page.keyboard
    expect(shop.focused("phone")).to_be_visible()
    keyboard.type(phone)
    keyboard.press("Enter")
    expect(shop.focused("code")).to_be_visible()
    keyboard.type(newest_code(shop.live, phone))
    expect(shop.title).to_be_focused()
    keyboard.press("Tab")
    expect(shop.focused("sign-out")).to_be_visible()
    keyboard.press("Enter")
    expect(shop.focused("phone")).to_be_visible()


def test_chooses_to_register(shop: Shop) -> None:
    keyboard = shop.page.keyboard
    expect(shop.focused("phone")).to_be_visible()
    keyboard.press("Shift+Tab")
    expect(shop.page.locator("#mode-login")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(shop.page.locator("#mode-register")).to_be_focused()
    expect(shop.title).to_have_text("手机号注册")
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(shop.focused("submit")).to_be_visible()


def test_changes_the_number(shop: Shop, phone: str) -> None:
    shop.ask_and_read(phone)
    shop.page.keyboard.press("Shift+Tab")
    expect(shop.focused("change-phone")).to_be_visible()
    shop.page.keyboard.press("Enter")
    expect(shop.focused("phone")).to_be_visible()
    expect(shop.phone).to_have_value(grouped(phone))


def test_a_second_enter_does_not_ask_twice(shop: Shop, phone: str) -> None:
    expect(shop.focused("phone")).to_be_visible()
    shop.page.keyboard.type(phone)
    shop.page.keyboard.press("Enter")
    shop.page.keyboard.press("Enter")
    shop.code.wait_for()
    shop.type_code(newest_code(shop.live, phone))
    expect(shop.title).to_have_text("欢迎加入达达商城")
    assert shop.asked() == 1
