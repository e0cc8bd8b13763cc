"""The pages for whoever programs against the API."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_operations_are_listed_and_can_be_tried(open_page: OpenPage, live: Live) -> None:
    page, asked = open_page(), set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.goto(f"{live.url}/v1/docs")
    for path in ("/v1/verifications/codes", "/v1/verifications/verify", "/v1/users/me", "/healthz"):
        expect(page.locator(f'.opblock [data-path="{path}"]').first).to_be_visible()
    health = page.locator(".opblock", has=page.locator('[data-path="/healthz"]'))
    health.locator(".opblock-summary-control").click()
    health.get_by_role("button", name="Try it out").click()
    with page.expect_response(f"{live.url}/healthz") as answer:
        health.get_by_role("button", name="Execute").click()
    assert answer.value.ok
    came = health.locator(".live-responses-table tbody .response-col_status")
    expect(came.first).to_contain_text("200")
    assert asked - {""} == {urlsplit(live.url).netloc}  # without a host: drawn with data:


def test_a_problem_links_to_what_it_means(open_page: OpenPage, live: Live) -> None:
    page = open_page(viewport={"width": 390, "height": 400})
    refusals = [
        live.post("/v1/verifications/codes", {"phone": "1", "purpose": "login"}).json(),
        live.post("/v1/nothing", {}).json(),
    ]
    for problem in refusals:
        page.goto(live.url + problem["type"])
        meant = page.locator(":target")
        expect(meant).to_contain_text(problem["code"])
        expect(meant).to_contain_text(problem["detail"])
        expect(meant).to_be_in_viewport()


def test_the_meanings_leave_no_place_to_fill(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/v1/docs/problems")
    expect(page.locator("#code_incorrect")).to_contain_text("还可以尝试 … 次")
    expect(page.locator("body")).not_to_contain_text("%")
