"""After a text is sent, the page tells what became of it."""

import time

import pytest
import requests
from playwright.sync_api import Route, expect

from tests.browser.shop import Shop
from tests.browser.test_announced import OVERHEAR

pytestmark = [pytest.mark.browser, pytest.mark.live]

SENT, DELIVERED = "短信已发送，请查收", "短信已送达，请查收"
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def ask_until_reported(shop: Shop, phone: str) -> None:
    """Asks for a code, with the page's clock at rest until the server knows that it arrived."""
    shop.page.clock.install()
    with shop.page.expect_response("**/codes") as sent:
        shop.ask(phone)
    url = f"{shop.live.url}/v1/verifications/codes/{sent.value.json()['id']}"
    deadline = time.monotonic() + 10
    while requests.get(url, timeout=5).json()["status"] != "delivered":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    expect(shop.status).to_have_text(SENT)


def test_it_has_arrived(shop: Shop, phone: str) -> None:
    ask_until_reported(shop, phone)
    shop.status.evaluate(OVERHEAR)
    shop.page.clock.run_for(2_000)
    expect(shop.status).to_have_text(DELIVERED)
    expect(shop.status).to_have_role("status")
    assert shop.page.evaluate("heard") == [DELIVERED]  # once, and nobody is interrupted
    expect(shop.focused("code")).to_be_visible()


def test_it_arrives_late(shop: Shop, phone: str) -> None:
    shop.live.fault(kind="late_receipt", delay=4, phone=phone)
    shop.ask(phone)
    expect(shop.status).to_have_text(DELIVERED)
    assert len(shop.followed()) >= 2


def test_it_does_not_arrive(shop: Shop, phone: str) -> None:
    shop.live.fault(kind="failed_receipt", code="MK:0012", phone=phone)
    shop.ask(phone)
    expect(shop.status).to_have_text("短信未送达，请检查手机和号码后重新发送")
    expect(shop.status).to_have_attribute("data-status", "undelivered")
    expect(shop.error("code")).to_be_empty()
    expect(shop.page.get_by_role("button", name="修改号码")).to_be_visible()


def test_nobody_knew_whether_it_was_sent_and_it_arrives(shop: Shop, phone: str) -> None:
    shop.live.fault(kind="timeout_after", delay=3, phone=phone)
    shop.ask(phone)
    expect(shop.status).to_have_text("短信可能稍有延迟，没收到可重新发送")
    expect(shop.status).to_have_text(DELIVERED)


def test_nothing_is_heard_of_it(shop: Shop, phone: str) -> None:
    """It is asked less and less often, and not at all after a minute."""
    shop.live.fault(kind="no_receipt", phone=phone)
    shop.page.clock.install()
    shop.ask(phone)
    expect(shop.status).to_have_text(SENT)
    for pause in (2_000, 3_000, 4_500, 6_750, 10_125, 15_188):
        with shop.page.expect_response("**/codes/*"):
            shop.page.clock.run_for(pause)
        shop.page.wait_for_timeout(50)  # until the page has read the answer and waits again
    shop.page.clock.run_for(120_000)
    expect(shop.resend).to_have_text("重新发送")
    expect(shop.status).to_have_text(SENT)
    assert len(shop.followed()) == 6


def test_once_it_has_arrived_nobody_asks_again(shop: Shop, phone: str) -> None:
    ask_until_reported(shop, phone)
    shop.page.clock.run_for(2_000)
    expect(shop.status).to_have_text(DELIVERED)
    shop.page.clock.run_for(60_000)
    expect(shop.resend).to_have_text("重新发送")
    assert len(shop.followed()) == 1


def test_nobody_asks_while_the_page_is_hidden(shop: Shop, phone: str) -> None:
    ask_until_reported(shop, phone)
    shop.page.evaluate(HIDE, True)
    shop.page.clock.run_for(20_000)
    assert shop.followed() == []
    shop.page.evaluate(HIDE, False)  # back from the texts
    expect(shop.status).to_have_text(DELIVERED)


def test_a_page_that_comes_back_late_asks_no_more(shop: Shop, phone: str) -> None:
    shop.page.clock.install()
    shop.ask(phone)
    expect(shop.status).to_have_text(SENT)
    shop.page.evaluate(HIDE, True)
    shop.page.clock.run_for(61_000)
    shop.page.evaluate(HIDE, False)
    expect(shop.resend).to_have_text("重新发送")
    assert shop.followed() == []


def test_the_next_text_is_followed_instead(hurried_shop: Shop, phone: str) -> None:
    shop = hurried_shop
    shop.live.fault(kind="no_receipt", phone=phone)
    shop.ask_and_read(phone)
    expect(shop.resend).to_have_text("重新发送")
    with shop.page.expect_response("**/codes") as second:
        shop.resend.click()
    expect(shop.status).to_have_text(DELIVERED)
    asked_again = shop.requests.index(second.value.request)
    later = {request.url for request in shop.requests[asked_again + 1 :]}
    assert later == {f"{second.value.url}/{second.value.json()['id']}"}


@pytest.mark.parametrize("leave", ["log in", "change the number"])
def test_who_goes_on_waits_for_no_text(shop: Shop, phone: str, leave: str) -> None:
    shop.live.fault(kind="no_receipt", phone=phone)
    shop.page.clock.install()
    code = shop.ask_and_read(phone)
    if leave == "log in":
        shop.type_code(code)
        expect(shop.focused("title")).to_be_visible()
    else:
        shop.page.get_by_role("button", name="修改号码").click()
        expect(shop.focused("phone")).to_be_visible()
    shop.page.clock.run_for(60_000)
    assert shop.followed() == []


def test_a_question_without_an_answer_disturbs_nobody(shop: Shop, phone: str) -> None:
    def disconnect(route: Route) -> None:
        route.abort("internetdisconnected")

    shop.page.route("**/codes/*", disconnect, times=1)
    shop.ask(phone)
    with shop.page.expect_event("requestfailed"):
        expect(shop.status).to_have_text(SENT)
    expect(shop.error("code")).to_be_empty()
    expect(shop.status).to_have_text(DELIVERED)
