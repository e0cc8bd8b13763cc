"""In a form it is a field: its values go with the form, which resets it and switches it off."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser import mall
from tests.browser.component.conftest import FORM, VALUES, OpenWith, ask, heard
from tests.browser.shop import grouped, newest_code
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_a_form_of_the_mall_submits_phone_and_code(
    open_with: OpenWith, live: Live, phone: str
) -> None:
    page = open_with(FORM)
    page.evaluate("""() => document.forms[0].addEventListener("submit", (event) => {
      event.preventDefault();
      heard.push("go");
    })""")
    assert page.evaluate("document.forms[0].checkValidity()") is False
    ask(page, phone)
    code = newest_code(live, phone)
    page.keyboard.type(code[:5])
    assert page.evaluate(VALUES) == {}
    page.keyboard.type(code[5:])
    assert page.evaluate(VALUES) == {"phone": phone, "verify": code}
    assert page.evaluate("document.forms[0].checkValidity()") is True
    page.keyboard.press("Enter")
    page.wait_for_function("heard.includes('go')")
    body = {"phone": phone, "purpose": "login", "code": code}
    assert live.post("/v1/verifications/verify", body).ok  # nobody has used it yet
    page.evaluate("document.querySelector('dada-sms-code').refuse('验证码不正确')")
    expect(page.get_by_role("alert")).to_have_text("验证码不正确")
    page.evaluate("document.forms[0].reset()")
    expect(page.get_by_label("手机号")).to_be_empty()
    assert page.evaluate(VALUES) == {}


def test_half_a_code_submits_no_form(open_with: OpenWith, phone: str) -> None:
    page = open_with(FORM)
    ask(page, phone)
    page.keyboard.type("123")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("请输入短信中的 6 位验证码")
    assert page.url.startswith(mall.ORIGIN)
    assert "?" not in page.url


def test_a_proof_goes_with_the_form(open_with: OpenWith, live: Live, phone: str) -> None:
    page = open_with('<form><dada-sms-code purpose="change_phone"></dada-sms-code></form>')
    ask(page, phone)
    expect(page.get_by_role("button", name="验证", exact=True)).to_be_visible()
    page.keyboard.type(newest_code(live, phone))
    expect(page.get_by_text("手机号已验证")).to_be_visible()
    values = page.evaluate(VALUES)
    assert values == {"phone": phone, "proof": heard(page)[-1][1]["proof"]}


def test_a_form_that_is_switched_off(open_with: OpenWith) -> None:
    page = open_with("<form><fieldset disabled><dada-sms-code></dada-sms-code></fieldset></form>")
    expect(page.get_by_label("手机号")).to_be_disabled()
    page.evaluate("document.querySelector('fieldset').disabled = false")
    expect(page.get_by_label("手机号")).to_be_enabled()


def test_a_field_that_stood_there_before_is_taken_over(
    open_with: OpenWith, phone: str, live: Live
) -> None:
    tag = '<form><dada-sms-code><input name="phone" autofocus></dada-sms-code></form>'
    held: list[Route] = []
    url = f"{live.url}/static/dadashop/dada-sms-code.js?late"
    page = open_with(tag)
    expect(page.get_by_label("手机号")).to_be_focused()
    assert page.evaluate(VALUES) == {}
    page.route(url, lambda route: held.append(route))
    path = page.url.removeprefix(mall.ORIGIN)
    mall.PAGES[path] = mall.PAGES[path].replace("dada-sms-code.js", "dada-sms-code.js?late")
    page.goto(page.url, wait_until="commit")
    early = page.locator("dada-sms-code > input")
    early.press_sequentially(phone)
    held[0].continue_()
    expect(page.get_by_label("手机号")).to_have_value(grouped(phone))
    expect(page.get_by_label("手机号")).to_be_focused()
    expect(early).to_have_count(0)
