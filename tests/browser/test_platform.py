"""The SMS platform fails: the shopper is told what to do, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.shop import Shop, grouped, newest_code

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (
            {"kind": "error", "code": "160042"},
            502,
            "短信发送失败，请稍后重试，或换一个手机号。",
        ),
        ({"kind": "http_500"}, 503, "服务暂时不可用，请在 5 秒后重试。"),
    ],
    ids=["error", "http_500"],
)
def test_no_text_was_sent(
    shop: Shop, phone: str, fault: dict[str, str], status: int, words: str
) -> None:
    shop.live.fault(phone=phone, **fault)
    with shop.page.expect_response("**/codes") as answer:
        shop.ask(phone)
    assert answer.value.status == status
    expect(shop.error("phone")).to_have_text(words)
    expect(shop.phone).to_have_value(grouped(phone))
    expect(shop.submit).to_have_text("获取验证码")
    shop.submit.click()  # at once: a text that was not sent costs no wait
    expect(shop.code).to_be_visible()


def test_nobody_knows_whether_a_text_was_sent(shop: Shop, phone: str) -> None:
    shop.live.fault(kind="timeout_after", delay=3, phone=phone)
    shop.ask(phone)
    expect(shop.status).to_have_text("短信可能稍有延迟，没收到可重新发送")
    shop.type_code(newest_code(shop.live, phone))
    expect(shop.title).to_have_text("欢迎加入达达商城")
