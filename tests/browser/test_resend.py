import re

import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop, newest_code

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_not_while_it_counts_down(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    expect(shop.resend).to_have_text(re.compile(r"^重新发送（(60|5\d)秒）$"))
    expect(shop.resend).to_have_attribute("aria-disabled", "true")
    shop.resend.dispatch_event("click")  # which Playwright would not do to a disabled button
    shop.type_code(code)
    expect(shop.title).to_have_text("欢迎加入达达商城")
    assert shop.asked() == 1
    assert len(shop.live.texts(phone)) == 1


def test_the_seconds_pass(shop: Shop, phone: str) -> None:
    shop.page.clock.install()
    shop.ask_and_read(phone)
    shop.page.clock.fast_forward(30_000)
    expect(shop.resend).to_have_text(re.compile(r"^重新发送（(30|2\d)秒）$"))
    shop.page.clock.fast_forward(31_000)
    expect(shop.resend).to_have_text("重新发送")
    expect(shop.resend).to_have_attribute("aria-disabled", "false")


def test_keeps_working(hurried_shop: Shop, phone: str) -> None:
    hurried_shop.ask_and_read(phone)
    for texts in (2, 3):
        expect(hurried_shop.resend).to_have_text("重新发送")
        hurried_shop.resend.click()  # which wipes the status until the next text is sent
        expect(hurried_shop.status).to_have_text("短信已发送，请查收")
        expect(hurried_shop.focused("code")).to_be_visible()
        assert len(hurried_shop.live.texts(phone)) == texts
    hurried_shop.type_code(newest_code(hurried_shop.live, phone))
    expect(hurried_shop.title).to_have_text("欢迎加入达达商城")
