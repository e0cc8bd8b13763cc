"""The pages for whoever programs against the API."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.live import Live
from verifications import examples

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


def test_a_code_is_asked_for_and_texted(open_page: OpenPage, hurried_live: Live) -> None:
    """With the body that stands there, on the product that sends its phone the next one soon."""
    page = open_page()
    page.goto(f"{hurried_live.url}/v1/docs")
    send = page.locator("#operations-shoppers-sendCode")
    send.locator(".opblock-summary-control").click()
    send.get_by_role("button", name="Try it out").click()
    body = json.loads(send.locator("textarea.body-param__text").input_value())
    assert body == examples.BODIES["sendCode"]["login"]
    before = len(hurried_live.texts(body["phone"]))
    with page.expect_response(f"{hurried_live.url}/v1/verifications/codes") as answer:
        send.get_by_role("button", name="Execute").click()
    assert answer.value.status == 202
    expect(send.locator(".live-responses-table tbody .response-col_status").first).to_contain_text(
        "202"
    )
    assert len(hurried_live.texts(body["phone"])) == before + 1


def test_each_refusal_is_shown_with_an_example(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/v1/docs")
    send = page.locator("#operations-shoppers-sendCode")
    send.locator(".opblock-summary-control").click()
    shown = send.locator("tr.response", has_text="429")
    shown.locator("select.examples-select-element").select_option("rate_limited")
    expect(shown.locator("pre.example")).to_contain_text("获取验证码过于频繁")


def test_the_malls_routes_are_there(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/v1/docs")
    expect(page.locator('.opblock [data-path="/v1/tokens/sms"]')).to_be_visible()


def test_the_pages_lead_to_one_another(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/v1/docs")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="/v1/docs/problems").first.click()
    problems = opened.value
    problems.get_by_role("link", name="接入示例").click()
    expect(problems.get_by_role("heading", level=1)).to_have_text("接入示例")
    problems.get_by_role("link", name="接口", exact=True).click()
    expect(problems).to_have_url(f"{live.url}/v1/docs")
    problems.close()
