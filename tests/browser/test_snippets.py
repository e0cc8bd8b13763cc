"""The pages and scripts that docs/frontend.md and docs/migration.md tell to copy, copied."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import mall
from tests.browser.conftest import OpenPage
from tests.browser.shop import newest_code
from tests.conftest import wrong
from tests.docs.pages import blocks, read
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]

FRONTEND, MIGRATION = read("docs/frontend.md"), read("docs/migration.md")
WHOLE, FORM, EARLY = blocks(FRONTEND, "html")
(BY_HAND,) = blocks(FRONTEND, "js")
(MALLS,) = blocks(MIGRATION, "html")
SCRIPT = WHOLE.splitlines(keepends=True)[0]
PATH = "/snippet.html"


@pytest.fixture
def copied(open_page: OpenPage, live: Live, request: pytest.FixtureRequest) -> Iterator[Page]:
    head = '<meta charset="utf-8"><link rel="icon" href="data:,"><script src="/jquery.js"></script>'
    code = request.param.replace("https://sms.example.com", live.url)
    mall.PAGES[PATH] = f'<!doctype html><html lang="zh">{head}{code}'
    page = open_page()
    page.goto(mall.ORIGIN + PATH)
    yield page
    del mall.PAGES[PATH]


def ask(page: Page, phone: str) -> None:
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("短信验证码")).to_be_focused()


@pytest.mark.parametrize("copied", [WHOLE], indirect=True, ids=["whole"])
def test_a_whole_page(copied: Page, live: Live, phone: str) -> None:
    ask(copied, phone)
    copied.keyboard.type(newest_code(live, phone))
    expect(copied.locator("#welcome")).to_contain_text("dada_")


@pytest.mark.parametrize("copied", [SCRIPT + FORM], indirect=True, ids=["form"])
def test_a_form(copied: Page, live: Live, phone: str) -> None:
    copied.get_by_label("用户名").fill("ann")
    ask(copied, phone)
    code = newest_code(live, phone)
    copied.keyboard.type(code)
    values = copied.evaluate("Object.fromEntries(new FormData(document.forms.register))")
    assert values == {"uname": "ann", "phone": phone, "verify": code}


@pytest.mark.parametrize("copied", [EARLY + SCRIPT], indirect=True, ids=["early"])
def test_an_input_that_stands_there_before(copied: Page) -> None:
    expect(copied.locator("dada-sms-code > input")).to_have_count(0)
    expect(copied.get_by_label("手机号")).to_be_visible()


@pytest.mark.parametrize("copied", [f"<script>{BY_HAND}</script>"], indirect=True, ids=["js"])
def test_by_hand(copied: Page, live: Live, phone: str) -> None:
    assert copied.evaluate(f"sendCode('{phone}', 'login')")["status"] == "sent"
    refused = copied.evaluate(f"sendCode('{phone}', 'login').catch((r) => [r.code, r.retry_after])")
    assert refused[0] == "cooldown"
    assert refused[1] > 0
    code = newest_code(live, phone)
    assert copied.evaluate(f"verifyCode('{phone}', 'login', '{code}')")["verified"]


@pytest.mark.parametrize("copied", [MALLS], indirect=True, ids=["mall"])
def test_the_malls_registration(copied: Page, live: Live, phone: str) -> None:
    copied.locator("[name=uname]").fill(f"u{phone[-8:]}")
    copied.locator("[name=password]").fill("123456")
    ask(copied, phone)
    code = newest_code(live, phone)
    copied.keyboard.type(wrong(code))
    copied.keyboard.press("Enter")
    expect(copied.get_by_role("alert")).to_have_text("验证码不正确，还可以尝试 4 次。")
    copied.get_by_label("短信验证码").fill(code)
    copied.get_by_role("button", name="提交注册信息").click()
    expect(copied.locator("#said")).to_have_text(f"注册成功：u{phone[-8:]}")
