"""Who cannot see the page hears what changes on it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]

OVERHEAR = """(region) => {
  window.heard = [];
  new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true });
}"""


@pytest.mark.parametrize("field", ["phone", "code"])
def test_an_error_is_an_alert_and_describes_its_field(shop: Shop, phone: str, field: str) -> None:
    if field == "code":
        shop.ask_and_read(phone)
    alert = shop.page.get_by_role("alert")
    expect(alert).to_be_attached()  # a region that comes with its words may not be heard
    expect(alert).to_be_empty()
    shop.submit.click()
    expect(alert).to_contain_text("请输入")
    described = shop.page.locator(f"#{field}")
    expect(described).to_have_accessible_description(re.compile(re.escape(alert.inner_text())))
    expect(described).to_have_attribute("aria-invalid", "true")


def test_each_text_sent_is_a_status(hurried_shop: Shop, phone: str) -> None:
    shop, status = hurried_shop, hurried_shop.page.get_by_role("status")
    for _ in range(2):
        shop.live.fault(kind="no_receipt", phone=phone)  # whose news would come in between
    shop.ask_and_read(phone)
    expect(status).to_have_text("短信已发送，请查收")
    status.evaluate(OVERHEAR)
    expect(shop.resend).to_have_text("重新发送")
    shop.resend.click()
    expect(status).to_have_text("短信已发送，请查收")
    assert shop.page.evaluate("heard") == ["", "短信已发送，请查收"]


def test_the_welcome_is_read_out(shop: Shop, phone: str) -> None:
    shop.log_in(phone)
    expect(shop.title).to_be_focused()
    expect(shop.title).to_have_accessible_name("欢迎加入达达商城")
