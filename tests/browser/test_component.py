"""<dada-sms-code> in a page of the mall, which is another origin and knows nothing of ours."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import mall
from tests.browser.conftest import OpenPage
from tests.browser.shop import grouped, newest_code
from tests.browser.test_accessibility import violations
from tests.conftest import wrong
from tests.live import ROOT, Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

SOURCE = ROOT / "dadashop/static/dadashop/dada-sms-code.js"
REMEMBER = """() => {
  window.heard = [];
  for (const name of ["sent", "verified", "refused"])
    document.addEventListener(name, ({ detail }) => heard.push([name, detail]));
}"""
VALUES = "Object.fromEntries(new FormData(document.querySelector('form')))"
FORM = (
    '<form><dada-sms-code no-verify code-name="verify"></dada-sms-code><button>提交</button></form>'
)

OpenWith = Callable[..., Page]
_pages = itertools.count()


@pytest.fixture
def open_with(open_page: OpenPage, live: Live) -> Iterator[OpenWith]:
    """Opens a page of the mall with this body, which has the component's script."""
    paths = []

    def open_it(body: str, head: str = "", src: str = "", **options: Any) -> Page:
        src = src or f"{live.url}/static/dadashop/dada-sms-code.js"
        head += f'<link rel="icon" href="data:,"><script type="module" src="{src}"></script>'
        paths.append(f"/component-{next(_pages)}.html")
        mall.PAGES[paths[-1]] = f'<!doctype html><html lang="zh"><title>商城</title>{head}{body}'
        page = open_page(**options)
        page.goto(mall.ORIGIN + paths[-1])
        page.evaluate(REMEMBER)
        return page

    yield open_it
    for path in paths:
        del mall.PAGES[path]


@pytest.fixture
def page(open_with: OpenWith) -> Page:
    return open_with('<dada-sms-code purpose="login"></dada-sms-code>')


def ask(page: Page, phone: str) -> None:
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("短信验证码")).to_be_focused()


def heard(page: Page) -> list[tuple[str, Any]]:
    return [(name, detail) for name, detail in page.evaluate("heard")]


def test_a_shopper_of_the_mall_logs_in(page: Page, live: Live, phone: str) -> None:
    ask(page, phone)
    code = newest_code(live, phone)
    page.keyboard.type(wrong(code))
    expect(page.get_by_role("alert")).to_have_text("验证码不正确，还可以尝试 4 次。")
    page.keyboard.type(code)
    expect(page.get_by_text("手机号已验证")).to_be_focused()
    (sent, pending), (refused, problem), (verified, answer) = heard(page)
    assert (sent, refused, verified) == ("sent", "refused", "verified")
    assert pending["phone"] == f"{phone[:3]}****{phone[-4:]}"
    assert (problem["code"], problem["attempts_left"]) == ("code_incorrect", 4)
    assert live.post("/v1/users/me", {}).status_code == 405
    assert answer["user"]["phone"] == pending["phone"]
    assert answer["token"].count(".") == 2


def test_of_other_origins_it_asks_only_where_its_script_came_from(
    page: Page, live: Live, phone: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, phone)
    assert asked == [f"{live.url}/v1/verifications/codes"]


def test_it_needs_no_more_of_a_policy_than_scripts_and_calls(
    open_with: OpenWith, live: Live, phone: str
) -> None:
    policy = f"default-src 'none'; img-src data:; script-src {live.url}; connect-src {live.url}"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page = open_with("<dada-sms-code></dada-sms-code>", head)
    button = page.get_by_role("button", name="获取验证码")
    expect(button).to_have_css("background-color", "rgb(198, 61, 20)")
    ask(page, phone)
    page.keyboard.type(newest_code(live, phone))
    expect(page.get_by_text("手机号已验证")).to_be_visible()


def test_its_server_can_be_another_than_its_scripts(
    open_with: OpenWith, live: Live, phone: str
) -> None:
    mall.PAGES["/dada-sms-code.js"] = SOURCE.read_text()
    tag = f'<dada-sms-code base-url="{live.url}/"></dada-sms-code>'
    page = open_with(tag, src="/dada-sms-code.js")
    ask(page, phone)
    assert len(live.texts(phone)) == 1


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


@pytest.mark.parametrize("where", ["page", "element"])
def test_it_speaks_the_language_around_it(open_with: OpenWith, where: str, phone: str) -> None:
    tag = '<dada-sms-code lang="en-GB"></dada-sms-code>'
    page = open_with(tag if where == "element" else f'<div lang="en">{tag[:14]}{tag[27:]}</div>')
    page.get_by_label("Phone number").fill("10000000000")
    page.get_by_role("button", name="Get a code").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not a mobile number.")
    page.evaluate("document.querySelector('dada-sms-code').lang = 'zh'")
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()


def test_both_languages_have_the_same_words(page: Page, live: Live) -> None:
    words = page.evaluate(
        "async (url) => (await import(url)).WORDS", f"{live.url}/static/dadashop/dada-sms-code.js"
    )
    assert words["zh"].keys() == words["en"].keys()
    for name, chinese in words["zh"].items():
        assert ("{t}" in chinese, "{n}" in chinese) == (
            "{t}" in words["en"][name],
            "{n}" in words["en"][name],
        )


def test_a_page_gives_it_its_colours(open_with: OpenWith) -> None:
    page = open_with("<dada-sms-code></dada-sms-code>")
    page.evaluate("document.body.style.setProperty('--dada-accent', 'rgb(0, 80, 0)')")
    page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("dada-sms-code::part(button) { border-radius: 3px }");
      document.adoptedStyleSheets = [sheet];
    }""")
    button = page.get_by_role("button", name="获取验证码")
    expect(button).to_have_css("background-color", "rgb(0, 80, 0)")
    expect(button).to_have_css("border-radius", "3px")


@pytest.mark.parametrize(
    ("head", "colour"),
    [
        ("", "rgb(36, 30, 26)"),
        (
            "<style>:root { color-scheme: light dark } body { background: Canvas }</style>",
            "rgb(243, 236, 231)",
        ),
    ],
    ids=["a light page", "a page of both"],
)
def test_it_is_dark_where_the_page_is(open_with: OpenWith, head: str, colour: str) -> None:
    page = open_with("<dada-sms-code></dada-sms-code>", head)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("dada-sms-code")).to_have_css("color", colour)
    assert violations(page, ignoring={"landmark-one-main", "page-has-heading-one", "region"}) == []


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


def test_the_words_of_a_gateway_are_none_of_ours(page: Page, phone: str) -> None:
    page.route("**/codes", lambda route: route.fulfill(body="null", status=502))
    page.get_by_label("手机号").fill(phone)
    page.route(
        "**/codes",
        lambda route: route.fulfill(
            body=json.dumps(None), headers={"Access-Control-Allow-Origin": mall.ORIGIN}
        ),
    )
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("alert")).to_have_text("服务暂时不可用，请稍后再试。")
