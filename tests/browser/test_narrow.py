"""Small screens and large zooms: nothing is cut off, nothing scrolls sideways."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import OpenPage, OpenShop
from tests.browser.shop import Shop, newest_code
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# In the shadow of <dada-sms-code> too.
CUT_OFF = """[document.querySelector("main"), ...document.querySelectorAll("dada-sms-code")]
  .flatMap((root) => [...(root.shadowRoot ?? root).querySelectorAll("*")])
  .filter((node) => node.checkVisibility() && !node.closest(".code, .unseen, .modes input, code"))
  .map((node) => [node.id || node.className || node.tagName, node.getBoundingClientRect()])
  .filter(([, box]) => box.left < 0 || box.right > innerWidth)
  .map(([name]) => name)"""

# A small phone; a desktop's 1280 x 800 at 200 % and at 400 %: so many pixels are left to the page.
SCREENS: list[ViewportSize] = [
    {"width": 360, "height": 740},
    {"width": 640, "height": 400},
    {"width": 320, "height": 200},
]


def assert_fits(page: Page) -> None:
    for size in SCREENS:
        page.set_viewport_size(size)
        assert (size, page.evaluate(OVERFLOW)) == (size, 0)
        assert (size, page.evaluate(CUT_OFF)) == (size, [])


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_shoppers_page(open_shop: OpenShop, phone: str, locale: str) -> None:
    shop = open_shop(locale=locale)
    assert_fits(shop.page)
    shop.ask("138")
    expect(shop.error("phone")).not_to_be_empty()
    assert_fits(shop.page)
    code = shop.ask_and_read(phone)
    shop.type_wrong_code(code)
    expect(shop.error("code")).not_to_be_empty()
    assert_fits(shop.page)
    shop.page.keyboard.type(code)
    shop.sign_out.wait_for()
    assert_fits(shop.page)


def test_the_whole_way_at_200_percent_by_keyboard(open_shop: OpenShop, phone: str) -> None:
    shop = open_shop(viewport=SCREENS[1], device_scale_factor=2)
    shop.page.keyboard.type(phone)
    shop.page.keyboard.press("Enter")
    expect(shop.focused("code")).to_be_in_viewport()
    assert shop.page.evaluate(OVERFLOW) == 0
    shop.page.keyboard.type(newest_code(shop.live, phone))
    expect(shop.title).to_be_focused()
    assert shop.page.evaluate(CUT_OFF) == []


def test_letters_of_twice_the_size(shop: Shop, phone: str) -> None:
    shop.page.evaluate("document.documentElement.style.fontSize = '200%'")
    shop.page.set_viewport_size(SCREENS[0])
    assert shop.page.evaluate(CUT_OFF) == []
    shop.type_wrong_code(shop.ask_and_read(phone))
    expect(shop.error("code")).not_to_be_empty()
    assert shop.page.evaluate(OVERFLOW) == 0
    assert shop.page.evaluate(CUT_OFF) == []


def test_the_other_pages(open_page: OpenPage, live: Live, phone: str) -> None:
    live.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
    page = open_page()
    page.goto(f"{live.url}/v1/docs/problems")
    assert_fits(page)
    page.goto(f"{live.url}/v1/docs/example")
    assert_fits(page)
    page.goto(f"{live.sandbox_url}/sandbox/")
    page.get_by_role("button", name="复制").first.wait_for()
    assert_fits(page)
