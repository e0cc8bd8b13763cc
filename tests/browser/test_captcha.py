"""A captcha is asked for: the page solves it, and the shopper has nothing to do for it."""

import base64
import json
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.shop import Shop
from tests.browser.test_accessibility import violations
from tests.live import Live, start, stop

pytestmark = [pytest.mark.browser, pytest.mark.live]

CHALLENGE = "**/v1/verifications/captcha"
CHECKING = "正在进行安全验证…"
UNVERIFIED = "安全验证没有完成，请重试；若仍不成功，请换一个浏览器。"
REQUIRED = {
    "code": "captcha_required",
    "status": 403,
    "detail": "为保障账号安全，请先完成安全验证。",
}


@pytest.fixture(scope="package")
def guarded_live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A product that asks everybody for a captcha."""
    running = start(tmp_path_factory.mktemp("guarded"), DADASHOP_CAPTCHA="always")
    yield running
    stop(running)


@pytest.fixture
def open_guarded(open_page: OpenPage, guarded_live: Live) -> Callable[..., Shop]:
    return lambda **options: Shop(open_page(**options), guarded_live)


@pytest.fixture
def guarded_shop(open_guarded: Callable[..., Shop]) -> Shop:
    return open_guarded()


def _body(request: Request) -> dict[str, str]:
    body: dict[str, str] | None = request.post_data_json
    assert body
    return body


def test_a_shopper_logs_in_and_notices_nothing(guarded_shop: Shop, phone: str) -> None:
    guarded_shop.log_in(phone)
    expect(guarded_shop.title).to_have_text("欢迎加入达达商城")
    assert guarded_shop.asked() == 2


def test_what_the_page_sends_is_altchas(guarded_shop: Shop, phone: str) -> None:
    guarded_shop.ask_and_read(phone)
    first, second = [_body(r) for r in guarded_shop.requests if r.method == "POST"]
    assert first == {"phone": phone, "purpose": "login"}
    answer = json.loads(base64.b64decode(second["captcha"]))
    assert answer["challenge"].keys() == {"parameters", "signature"}
    assert answer["solution"].keys() == {"counter", "derivedKey", "time"}
    assert len(second["captcha"]) < 1024


def test_who_is_asked_for_none_fetches_none(shop: Shop, phone: str) -> None:
    shop.ask_and_read(phone)
    assert shop.asked() == 1
    assert [request.url for request in shop.requests if request.url.endswith("/captcha")] == []


def test_it_is_said_while_it_lasts(guarded_shop: Shop, phone: str) -> None:
    shop = guarded_shop
    waiting: list[Route] = []
    shop.page.route(CHALLENGE, lambda route: waiting.append(route))
    shop.ask(phone)
    expect(shop.submit).to_have_text(CHECKING)
    expect(shop.submit).to_have_attribute("aria-disabled", "true")
    expect(shop.page.get_by_role("status")).to_have_text(CHECKING)
    (route,) = waiting
    route.continue_()
    expect(shop.code).to_be_visible()
    expect(shop.submit).to_have_text("登录")


def test_it_is_said_again_for_a_resend(hurried_shop: Shop, phone: str) -> None:
    shop = hurried_shop
    shop.ask_and_read(phone)
    expect(shop.resend).to_have_text("重新发送")
    shop.page.route(CHALLENGE, lambda route: None)
    shop.page.route("**/codes", lambda route: route.fulfill(status=403, json=REQUIRED))
    shop.resend.click()
    expect(shop.status).to_have_text(CHECKING)
    expect(shop.page.get_by_role("status")).to_have_text(CHECKING)


def test_one_that_is_refused_can_be_tried_again(guarded_shop: Shop, phone: str) -> None:
    shop = guarded_shop
    used: list[str] = []

    def spend(route: Route) -> None:
        body = _body(route.request)
        if body.get("captcha") and not used:
            used.append(body["captcha"])
            body["captcha"] = "x"
            route.continue_(post_data=json.dumps(body))
        else:
            route.continue_()

    shop.page.route("**/codes", spend)
    shop.ask(phone)
    expect(shop.error("phone")).to_have_text("安全验证未通过，请重试。")
    expect(shop.submit).to_have_text("获取验证码")
    shop.submit.click()
    expect(shop.code).to_be_visible()


def test_a_browser_that_cannot_is_told(guarded_shop: Shop, phone: str) -> None:
    """Such as one that reads the page over http:// from another machine."""
    shop = guarded_shop
    shop.page.evaluate("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    shop.ask(phone)
    expect(shop.error("phone")).to_have_text(UNVERIFIED)
    expect(shop.submit).to_have_text("获取验证码")
    expect(shop.submit).to_have_attribute("aria-disabled", "false")


def test_an_answer_that_is_never_found_is_not_waited_for(
    guarded_shop: Shop, guarded_live: Live, phone: str
) -> None:
    shop = guarded_shop
    challenge = requests.get(f"{guarded_live.url}/v1/verifications/captcha", timeout=5).json()
    challenge["parameters"]["keyPrefix"] = "no hexadecimal"
    shop.page.clock.install()
    shop.page.route(CHALLENGE, lambda route: route.fulfill(json=challenge))
    with shop.page.expect_response(CHALLENGE):
        shop.ask(phone)
    expect(shop.submit).to_have_text(CHECKING)
    assert violations(shop.page) == []
    shop.page.clock.fast_forward(61_000)
    expect(shop.error("phone")).to_have_text(UNVERIFIED)
    expect(shop.submit).to_have_text("获取验证码")


def test_a_captcha_of_another_kind_is_not_solved(guarded_shop: Shop, phone: str) -> None:
    shop = guarded_shop
    shop.page.route(CHALLENGE, lambda route: route.fulfill(json={"riddle": "?"}))
    shop.ask(phone)
    expect(shop.error("phone")).to_have_text(UNVERIFIED)


def test_the_network_may_go_meanwhile(guarded_shop: Shop, phone: str) -> None:
    shop = guarded_shop
    shop.page.route(CHALLENGE, lambda route: route.abort("internetdisconnected"))
    shop.ask(phone)
    expect(shop.error("phone")).to_contain_text("网络连接不上")


def test_it_speaks_english(open_guarded: Callable[..., Shop], phone: str) -> None:
    shop = open_guarded(locale="en-US")
    shop.page.route(CHALLENGE, lambda route: None)
    shop.ask(phone)
    expect(shop.submit).to_have_text("Running a security check…")
