import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_a_new_shopper_joins(shop: Shop, phone: str) -> None:
    shop.type_code(shop.ask_and_read(phone))
    expect(shop.title).to_have_text("欢迎加入达达商城")
    expect(shop.username).not_to_be_empty()
    expect(shop.masked).to_have_text(f"{phone[:3]}****{phone[-4:]}")


def test_a_known_shopper_is_welcomed_back(hurried_shop: Shop, phone: str) -> None:
    name = hurried_shop.log_in_and_out(phone)
    hurried_shop.type_code(hurried_shop.ask_and_read(phone))
    expect(hurried_shop.title).to_have_text("欢迎回来")
    expect(hurried_shop.username).to_have_text(name)


def test_the_text_says_that_it_is_on_its_way(shop: Shop, phone: str) -> None:
    shop.ask_and_read(phone)
    expect(shop.page.locator("#sent-to")).to_have_text(f"{phone[:3]}****{phone[-4:]}")
    expect(shop.status).to_have_text("短信已发送，请查收")
