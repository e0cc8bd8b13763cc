"""What a page may ask of it: a phone that is known, another length, purpose or captcha."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import mall
from tests.browser.component.conftest import OpenWith, ask, heard
from tests.browser.shop import grouped
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_the_phone_may_be_known(open_with: OpenWith, phone: str) -> None:
    page = open_with(f'<dada-sms-code phone="+86 {phone}"></dada-sms-code>')
    expect(page.get_by_label("手机号")).to_have_value(grouped(phone))
    page.get_by_label("手机号").fill("138")
    page.evaluate("document.querySelector('dada-sms-code').reset()")
    expect(page.get_by_label("手机号")).to_have_value(grouped(phone))
    page.evaluate("document.querySelector('dada-sms-code').focus()")
    expect(page.get_by_label("手机号")).to_be_focused()


def test_codes_of_another_length(open_with: OpenWith, phone: str) -> None:
    page = open_with('<dada-sms-code length="4"></dada-sms-code>')
    ask(page, phone)
    expect(page.get_by_label("短信验证码")).to_have_attribute("maxlength", "4")
    assert page.locator(".slots i").count() == 4
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("请输入短信中的 4 位验证码")


def test_another_captcha_takes_the_place_of_ours(page: Page, live: Live, phone: str) -> None:
    sent: list[Any] = []

    def refuse_without(route: Route) -> None:
        sent.append(route.request.post_data_json)
        if "captcha" in sent[-1]:
            pending = {"id": "x", "phone": "138", "status": "delivered", "resend_after": 60}
            route.fulfill(status=202, json=pending, headers=allowed)
        else:
            problem = {"code": "captcha_required", "status": 403}
            route.fulfill(status=403, json=problem, headers=allowed)

    allowed = {"Access-Control-Allow-Origin": mall.ORIGIN}
    page.route("**/codes", refuse_without)
    page.route("**/captcha", lambda route: route.fulfill(json={"riddle": "?"}, headers=allowed))
    page.evaluate("""() => {
      const element = document.querySelector("dada-sms-code");
      element.solveCaptcha = async ({ riddle }) => `an answer to ${riddle}`;
    }""")
    ask(page, phone)
    assert sent[-1]["captcha"] == "an answer to ?"


def test_what_was_asked_for_another_purpose_comes_to_nothing(page: Page, phone: str) -> None:
    waiting: list[Route] = []
    page.route("**/codes", lambda route: waiting.append(route))
    page.get_by_label("手机号").fill(phone)
    with page.expect_request("**/codes"):
        page.get_by_role("button", name="获取验证码").click()
    page.evaluate("document.querySelector('dada-sms-code').purpose = 'register'")
    page.wait_for_function("document.querySelector('dada-sms-code').busy")
    with page.expect_response("**/codes"):
        waiting[0].continue_()
    page.wait_for_function("!document.querySelector('dada-sms-code').busy")
    assert page.evaluate("document.querySelector('dada-sms-code').step") == "phone"
    assert heard(page) == []


def test_one_that_is_taken_away_asks_no_more(page: Page, live: Live, phone: str) -> None:
    live.fault(kind="no_receipt", phone=phone)
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, phone)
    page.evaluate("document.querySelector('dada-sms-code').remove()")
    page.clock.run_for(60_000)
    assert asked == [f"{live.url}/v1/verifications/codes"]


def test_it_can_be_made_by_a_script(open_with: OpenWith, phone: str) -> None:
    page = open_with("<main></main>")
    page.evaluate("""() => {
      const made = document.createElement("dada-sms-code");
      made.purpose = "register";
      document.querySelector("main").append(made);
    }""")
    ask(page, phone)
    expect(page.get_by_role("button", name="注册")).to_be_visible()
