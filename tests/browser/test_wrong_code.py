import re

import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop, newest_code
from tests.conftest import wrong

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_wrong_then_right(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    shop.type_wrong_code(code)
    expect(shop.error("code")).to_have_text("验证码不正确，还可以尝试 4 次。")
    expect(shop.code).to_have_attribute("aria-invalid", "true")
    shop.page.keyboard.type(code)  # over the wrong one, which is selected
    expect(shop.title).to_have_text("欢迎加入达达商城")


def test_half_a_code_is_not_sent(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    shop.type_code(code[:3])
    shop.submit.click()
    expect(shop.error("code")).to_have_text("请输入短信中的 6 位验证码")
    shop.type_code(code[3:])
    expect(shop.title).to_have_text("欢迎加入达达商城")
    assert sum(request.url.endswith("/verify") for request in shop.requests) == 1


def test_a_code_that_is_no_longer_good(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    body = {"phone": phone, "purpose": "login", "code": code}
    assert shop.live.post("/v1/verifications/verify", body).ok  # used elsewhere
    shop.type_code(code)
    expect(shop.error("code")).to_have_text("验证码已失效，请重新获取。")
    expect(shop.code).to_be_empty()
    expect(shop.focused("resend")).to_be_visible()


def test_the_last_guess_spends_the_code_and_a_new_one_works(hurried_shop: Shop, phone: str) -> None:
    shop = hurried_shop
    spent = shop.ask_and_read(phone)
    for left in range(4, 0, -1):
        shop.type_wrong_code(spent)
        expect(shop.error("code")).to_have_text(f"验证码不正确，还可以尝试 {left} 次。")
    shop.type_wrong_code(spent)
    expect(shop.error("code")).to_have_text("验证码多次输入错误，已失效，请重新获取。")
    expect(shop.code).to_be_empty()
    expect(shop.focused("resend")).to_be_visible()
    expect(shop.resend).to_have_text("重新发送")
    with shop.page.expect_response("**/codes"):
        shop.page.keyboard.press("Enter")
    expect(shop.focused("code")).to_be_visible()
    expect(shop.error("code")).to_be_empty()
    shop.type_code(newest_code(shop.live, phone))
    expect(shop.title).to_have_text("欢迎加入达达商城")


def test_no_guess_is_left(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    for _ in range(5):
        body = {"phone": phone, "purpose": "login", "code": wrong(code)}
        shop.live.post("/v1/verifications/verify", body)
    shop.type_code(code)
    expect(shop.error("code")).to_have_text(
        re.compile(r"^错误次数过多，请在 (60|5\d) 秒后重新获取验证码。$")
    )
    expect(shop.focused("resend")).to_be_visible()
