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
    assert shop.guesses() == [code]


def test_a_wrong_code_costs_one_guess(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    first, second = wrong(code), wrong(wrong(code))
    press = shop.page.keyboard.press
    shop.type_code(first)
    press("Enter")  # after the sixth digit, which sent it
    expect(shop.error("code")).to_have_text("验证码不正确，还可以尝试 4 次。")
    press("Enter")  # on what was refused
    shop.type_code(first)
    press("Enter")
    expect(shop.error("code")).to_have_text("验证码不正确，还可以尝试 4 次。")
    shop.type_code(second)  # over the wrong one, which is selected again
    press("Enter")
    expect(shop.error("code")).to_have_text("验证码不正确，还可以尝试 3 次。")
    press("Enter")
    shop.type_code(code)
    expect(shop.title).to_have_text("欢迎加入达达商城")
    assert shop.guesses() == [first, second, code]


def test_a_new_text_may_hold_what_was_wrong_before(hurried_shop: Shop, phone: str) -> None:
    shop = hurried_shop
    guess = wrong(shop.ask_and_read(phone))
    shop.type_code(guess)
    expect(shop.resend).to_have_text("重新发送")
    with shop.page.expect_response("**/codes"):
        shop.resend.click()
    expect(shop.focused("code")).to_be_visible()
    shop.code.fill("")
    with shop.page.expect_response("**/verify"):
        shop.type_code(guess)
    assert shop.guesses() == [guess, guess]


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
    guess = wrong(shop.ask_and_read(phone))
    for left in range(4, 0, -1):
        shop.type_code(guess)
        expect(shop.error("code")).to_have_text(f"验证码不正确，还可以尝试 {left} 次。")
        guess = wrong(guess)
    shop.type_code(guess)
    expect(shop.error("code")).to_have_text("验证码多次输入错误，已失效，请重新获取。")
    expect(shop.code).to_be_empty()
    expect(shop.focused("resend")).to_be_visible()
    expect(shop.submit).to_have_attribute("aria-disabled", "true")
    shop.code.press("Enter")
    expect(shop.error("code")).to_have_text("验证码多次输入错误，已失效，请重新获取。")
    expect(shop.resend).to_have_text("重新发送")
    with shop.page.expect_response("**/codes"):
        shop.resend.press("Enter")
    expect(shop.focused("code")).to_be_visible()
    expect(shop.error("code")).to_be_empty()
    expect(shop.submit).to_have_attribute("aria-disabled", "false")
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
