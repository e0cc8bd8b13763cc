import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop, newest_code

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_a_new_shopper_registers(shop: Shop, phone: str) -> None:
    shop.choose("register")
    expect(shop.title).to_have_text("手机号注册")
    code = shop.ask_and_read(phone)
    expect(shop.submit).to_have_text("注册")
    shop.type_code(code)
    expect(shop.title).to_have_text("欢迎加入达达商城")


def test_a_registered_shopper_is_offered_to_log_in(hurried_shop: Shop, phone: str) -> None:
    shop, instead = hurried_shop, hurried_shop.page.locator("#switch-mode")
    shop.log_in_and_out(phone)
    shop.choose("register")
    code = shop.ask_and_read(phone)
    expect(shop.resend).to_have_text("重新发送")
    shop.type_code(code)
    expect(shop.error("code")).to_have_text("该手机号已经注册，请直接登录。")
    expect(instead).to_have_text("改为登录")
    expect(shop.focused("switch-mode")).to_be_visible()
    with shop.page.expect_response("**/codes"):
        shop.page.keyboard.press("Enter")
    expect(shop.submit).to_have_text("登录")
    expect(shop.focused("code")).to_be_visible()
    expect(instead).to_be_hidden()
    shop.type_code(newest_code(shop.live, phone))
    expect(shop.title).to_have_text("欢迎回来")


def test_that_offer_may_have_to_wait(shop: Shop, phone: str) -> None:
    refusal = {"code": "already_registered", "status": 409, "detail": "该手机号已经注册。"}
    shop.page.route("**/verify", lambda route: route.fulfill(status=409, json=refusal))
    shop.choose("register")
    shop.type_code(shop.ask_and_read(phone))
    expect(shop.focused("switch-mode")).to_be_visible()
    shop.page.keyboard.press("Enter")
    expect(shop.error("code")).to_contain_text("验证码刚刚发过")
    expect(shop.focused("code")).to_be_visible()
