import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenShop
from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]

CHINESE = re.compile(r"[\u3000-\u9fff]")


@pytest.fixture
def english(open_shop: OpenShop) -> Shop:
    return open_shop(locale="en-US")


def test_chinese_for_languages_we_do_not_speak(open_shop: OpenShop) -> None:
    shop = open_shop(locale="fr-FR")
    expect(shop.page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(shop.page).to_have_title("登录或注册 · 达达商城")
    expect(shop.title).to_have_text("手机号登录")


def test_english_all_the_way(english: Shop, phone: str) -> None:
    body = english.page.locator("body")
    expect(english.page.locator("html")).to_have_attribute("lang", "en")
    expect(english.page).to_have_title("Log in or register · Dada Mall")
    expect(english.title).to_have_text("Log in by phone")
    assert not CHINESE.search(body.inner_text())
    code = english.ask_and_read(phone)
    expect(english.resend).to_have_text(re.compile(r"^Resend in (60|5\d) sec$"))
    english.type_wrong_code(code)
    expect(english.error("code")).to_have_text("That code is not right. Tries left: 4.")
    assert not CHINESE.search(body.inner_text())
    english.page.keyboard.type(code)
    expect(english.title).to_have_text("Welcome to Dada Mall")
    assert not CHINESE.search(body.inner_text())
