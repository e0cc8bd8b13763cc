"""Something between the page and us fails: it is said, and trying again works."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.shop import Shop, grouped

pytestmark = [pytest.mark.browser, pytest.mark.live]


def disconnect(route: Route) -> None:
    route.abort("internetdisconnected")


def test_there_is_no_network(shop: Shop, phone: str) -> None:
    shop.page.route("**/v1/**", disconnect)
    shop.ask(phone)
    expect(shop.error("phone")).to_have_text("网络连接不上，请检查网络后重试。已填写的内容都还在。")
    expect(shop.phone).to_have_value(grouped(phone))
    shop.page.unroute("**/v1/**")
    shop.submit.click()
    expect(shop.code).to_be_visible()


def test_the_network_goes_while_the_code_is_typed(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    shop.page.route("**/v1/**", disconnect)
    shop.type_code(code)
    expect(shop.error("code")).to_contain_text("网络连接不上")
    expect(shop.code).to_have_value(code)
    shop.page.unroute("**/v1/**")
    shop.submit.click()
    expect(shop.title).to_have_text("欢迎加入达达商城")


def test_no_answer_comes(shop: Shop, phone: str) -> None:
    shop.page.clock.install()
    shop.page.route("**/codes", lambda route: None)
    with shop.page.expect_request("**/codes"):
        shop.ask(phone)
    expect(shop.submit).to_have_attribute("aria-disabled", "true")
    shop.page.clock.fast_forward(15_000)
    expect(shop.error("phone")).to_have_text("网络有些慢，没有等到回应，请重试。")
    expect(shop.submit).to_have_attribute("aria-disabled", "false")


def test_a_gateway_answers_for_us(shop: Shop, phone: str) -> None:
    shop.page.route(
        "**/codes",
        lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"),
        times=1,
    )
    shop.ask(phone)
    expect(shop.error("phone")).to_have_text("服务暂时不可用，请稍后再试。")
    shop.submit.click()
    expect(shop.code).to_be_visible()
