"""Pictures of each state for people to look at, in build/screenshots."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import SCHEMES, OpenPage, OpenShop
from tests.browser.shop import Shop
from tests.live import ROOT, Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

SCREENS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}


def shoot(page: Page, name: str) -> None:
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            path = ROOT / "build" / "screenshots" / f"{name}-{screen}-{scheme}.png"
            page.screenshot(path=path, animations="disabled")
            assert path.stat().st_size > 1000


def test_the_shoppers_page(shop: Shop, phone: str) -> None:
    shoot(shop.page, "start")
    shop.ask("10000000000")
    expect(shop.error("phone")).not_to_be_empty()
    shoot(shop.page, "bad-number")
    code = shop.ask_and_read(phone)
    shoot(shop.page, "code")
    shop.type_wrong_code(code)
    expect(shop.error("code")).not_to_be_empty()
    shoot(shop.page, "wrong")
    shop.page.keyboard.type(code)
    shop.sign_out.wait_for()
    shop.page.mouse.move(0, 0)
    shoot(shop.page, "welcome")


@pytest.mark.parametrize(
    ("fault", "status"), [("duplicate_receipt", "delivered"), ("failed_receipt", "undelivered")]
)
def test_what_became_of_a_text(shop: Shop, phone: str, fault: str, status: str) -> None:
    shop.live.fault(kind=fault, phone=phone)
    shop.ask(phone)
    expect(shop.status).to_have_attribute("data-status", status)
    shoot(shop.page, status)


def test_in_english(open_shop: OpenShop, phone: str) -> None:
    shop = open_shop(locale="en-US")
    shop.type_wrong_code(shop.ask_and_read(phone))
    expect(shop.error("code")).not_to_be_empty()
    shoot(shop.page, "english")


def test_without_script(open_page: OpenPage, live: Live) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(live.url)
    shoot(page, "without-script")


def test_the_phones(open_page: OpenPage, live: Live, phone: str) -> None:
    page = open_page()
    page.goto(f"{live.sandbox_url}/sandbox/")
    live.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
    page.get_by_role("button", name="复制").first.wait_for()
    shoot(page, "phones")


def test_the_documentation(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/v1/docs")
    page.locator(".opblock").first.wait_for()
    shoot(page, "docs")
    page.goto(f"{live.url}/v1/docs/problems#cooldown")
    shoot(page, "problems")
    page.goto(f"{live.url}/v1/docs/example")
    shoot(page, "example")


def test_with_colours_of_the_shoppers_own(shop: Shop, phone: str) -> None:
    shop.page.emulate_media(forced_colors="active")
    shop.type_wrong_code(shop.ask_and_read(phone))
    expect(shop.error("code")).not_to_be_empty()
    shoot(shop.page, "forced-colours")
    shop.page.emulate_media(forced_colors="none")


def test_while_the_script_is_late(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.route("**/dada-sms-code.js", lambda route: None)
    page.goto(live.url, wait_until="commit")
    expect(page.locator(".late")).to_be_visible()
    shoot(page, "late")
