"""A shopper who reloads the page and asks again at once."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_is_told_how_long_to_wait_and_can_use_the_code_that_came(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    shop.page.reload()
    shop.ask(phone)
    expect(shop.error("phone")).to_have_text(
        re.compile(r"^验证码刚刚发过，请在 (60|5\d) 秒后重新获取。$")
    )
    expect(shop.submit).to_have_text(re.compile(r"^(60|5\d)秒后可再次获取$"))
    expect(shop.submit).to_have_attribute("aria-disabled", "true")
    assert len(shop.live.texts(phone)) == 1
    shop.page.get_by_role("button", name="已收到验证码，去输入").click()
    shop.type_code(code)
    expect(shop.title).to_have_text("欢迎加入达达商城")


def test_another_number_need_not_wait(shop: Shop, phone: str) -> None:
    shop.ask_and_read(f"138{phone[3:]}")
    shop.page.locator("#change-phone").click()
    expect(shop.submit).to_have_attribute("aria-disabled", "true")
    shop.ask(phone)
    expect(shop.code).to_be_visible()


def test_a_long_wait_is_told_in_minutes(shop: Shop, phone: str) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=429, json={"code": "rate_limited", "status": 429, "retry_after": 3000})

    shop.page.route("**/codes", refuse)
    shop.ask(phone)
    expect(shop.submit).to_have_text("50分钟后可再次获取")
