"""In a page of another origin it logs a shopper in, and asks our server alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import mall
from tests.browser.component.conftest import SOURCE, OpenWith, ask, heard
from tests.browser.shop import newest_code
from tests.conftest import wrong
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


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


@pytest.mark.parametrize("status", [200, 502])
def test_the_words_of_a_gateway_are_none_of_ours(page: Page, phone: str, status: int) -> None:
    headers = {"Access-Control-Allow-Origin": mall.ORIGIN}
    answer = {"body": "null", "status": status, "headers": headers}
    page.route("**/codes", lambda route: route.fulfill(**answer))
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("alert")).to_have_text("服务暂时不可用，请稍后再试。")
