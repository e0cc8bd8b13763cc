"""axe-core finds nothing wrong, in any state of a page, in the light and in the dark."""

from collections.abc import Collection

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCHEMES, OpenPage
from tests.browser.shop import Shop
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


def violations(page: Page, ignoring: Collection[str] = ()) -> list[str]:
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        # Colours fade in; contrast is for what they come to.
        page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
        found += [
            f"{scheme}: {rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in Axe().run(page).response["violations"]
            if rule["id"] not in ignoring
            for node in rule["nodes"]
        ]
    return found


def test_each_state_of_the_shoppers_page(shop: Shop, phone: str) -> None:
    assert violations(shop.page) == []
    shop.ask("138")
    expect(shop.error("phone")).not_to_be_empty()
    assert violations(shop.page) == []
    code = shop.ask_and_read(phone)
    assert violations(shop.page) == []
    shop.type_wrong_code(code)
    expect(shop.error("code")).not_to_be_empty()
    assert violations(shop.page) == []
    shop.page.keyboard.type(code)
    shop.sign_out.wait_for()
    assert violations(shop.page) == []


def test_a_text_that_did_not_arrive(shop: Shop, phone: str) -> None:
    shop.live.fault(kind="failed_receipt", phone=phone)
    shop.ask(phone)
    expect(shop.status).to_have_attribute("data-status", "undelivered")
    assert violations(shop.page) == []


def test_the_problems(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/v1/docs/problems#cooldown")
    assert violations(page) == []


def test_the_example(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/v1/docs/example")
    assert violations(page) == []


def test_the_phones(open_page: OpenPage, live: Live, phone: str) -> None:
    live.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
    page = open_page()
    page.goto(f"{live.sandbox_url}/sandbox/")
    page.get_by_role("button", name="复制").first.wait_for()
    assert violations(page) == []
