"""The mall's own pages, which are deployed and cannot be changed, call us from another origin."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.mall import ORIGIN, STRANGERS
from tests.browser.shop import newest_code
from tests.conftest import wrong
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

FORM, JSON = "application/x-www-form-urlencoded; charset=UTF-8", "application/json"
BOTH = pytest.mark.parametrize("json", [False, True], ids=["form", "json"])


class Mall:
    """A page of the mall, at an origin of its choice."""

    def __init__(self, page: Page, live: Live, origin: str, json: bool) -> None:
        self.page = page
        self.live = live
        page.goto(f"{origin}/dadashop/templates/register.html?api={live.url}{'&json' * json}")
        assert page.evaluate("location.origin") == origin

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"#{name}").fill(value)

    def click(self, name: str) -> Locator:
        """Where the outcome is said."""
        self.page.locator(f"#{name}").click()
        return self.page.locator("#said")


OpenMall = Callable[..., Mall]


@pytest.fixture
def open_mall(open_page: OpenPage, live: Live) -> OpenMall:
    return lambda origin=ORIGIN, json=False: Mall(open_page(), live, origin, json)


@BOTH
def test_a_shopper_registers(open_mall: OpenMall, phone: str, json: bool) -> None:
    mall = open_mall(json=json)
    mall.fill(uname=f"u{phone[-8:]}", upwd="123456", email="dada@tedu.cn", phone=phone)
    with mall.page.expect_request("**/v1/users/sms/code") as sent:
        expect(mall.click("send")).to_have_text("验证码发送成功")
    assert sent.value.headers["content-type"] == (JSON if json else FORM)
    mall.fill(verify=newest_code(mall.live, phone))
    expect(mall.click("register")).to_have_text(f"注册成功：u{phone[-8:]}")
    expect(mall.click("me")).to_have_text(f"u{phone[-8:]} {phone[:3]}****{phone[-4:]}")


@BOTH
def test_a_shopper_logs_in_by_text(open_mall: OpenMall, phone: str, json: bool) -> None:
    mall = open_mall(json=json)
    mall.live.post("/v1/users/sms/code", {"phone": phone, "purpose": "login"})
    mall.fill(phone=phone, verify=newest_code(mall.live, phone))
    expect(mall.click("login")).to_contain_text("登录成功：")
    expect(mall.click("me")).to_contain_text(f"{phone[:3]}****{phone[-4:]}")


def test_a_wrong_code_is_said_in_words(open_mall: OpenMall, phone: str) -> None:
    mall = open_mall()
    mall.fill(uname=f"u{phone[-8:]}", upwd="123456", email="dada@tedu.cn", phone=phone)
    expect(mall.click("send")).to_have_text("验证码发送成功")
    mall.fill(verify=wrong(newest_code(mall.live, phone)))
    expect(mall.click("register")).to_have_text("验证码不正确，还可以尝试 4 次。")


def test_asking_again_is_refused_in_words(open_mall: OpenMall, phone: str) -> None:
    mall = open_mall()
    mall.fill(phone=phone)
    expect(mall.click("send")).to_have_text("验证码发送成功")
    expect(mall.click("send")).to_contain_text("验证码刚刚发过，请在 ")


def test_a_missing_field_is_said_in_words(open_mall: OpenMall) -> None:
    expect(open_mall().click("send")).to_have_text("请输入手机号。")


def test_who_is_not_logged_in_is_nobody(open_mall: OpenMall) -> None:
    expect(open_mall().click("me")).to_have_text("内部错误，请联系管理员")


@pytest.mark.parametrize(("origin", "json"), [(STRANGERS[0], False), (STRANGERS[1], True)])
def test_other_origins_read_nothing(
    open_mall: OpenMall, complaints: list[str], phone: str, origin: str, json: bool
) -> None:
    mall = open_mall(origin, json=json)
    mall.fill(phone=phone)
    expect(mall.click("send")).to_have_text("内部错误，请联系管理员")
    expect(mall.click("me")).to_have_text("内部错误，请联系管理员")
    assert sum("blocked by CORS policy" in complaint for complaint in complaints) == 2
    complaints.clear()
