"""Staff look for a text, read its story, and do something about it: by hand and by keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import violations
from tests.browser.test_screenshots import shoot
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def texts(admin: Page, live: Live, phone: str) -> Page:
    """The list of this phone's four texts."""
    script = f"from tests.browser import rows; rows.write('{phone}')"
    live.manage("shell", "-c", script, SANDBOX_URL=live.sandbox_url)
    admin.get_by_role("link", name="短信", exact=True).first.click()
    _search(admin, phone)
    expect(_rows(admin)).to_have_count(4)
    return admin


def _search(page: Page, term: str) -> None:
    page.fill("#searchbar", term)
    page.keyboard.press("Enter")
    expect(page.locator("#searchbar")).to_have_value(term)


def _rows(page: Page) -> Locator:
    return page.locator("#result_list tbody tr")


def _open(page: Page, status: str) -> None:
    _rows(page).filter(has_text=status).get_by_role("link").first.click()
    expect(page.locator(".story")).to_be_visible()


def test_a_story_is_read_and_the_phone_unmasked(texts: Page, phone: str) -> None:
    urls: list[str] = []
    texts.on("request", lambda request: urls.append(request.url))
    expect(texts.locator("#result_list")).not_to_contain_text(phone)
    _open(texts, "发送失败")
    story = texts.locator(".story li")
    expect(story).to_have_count(4)
    expect(story.nth(1)).to_contain_text("平台没有及时应答")
    expect(story.nth(2)).to_contain_text("isv.AMOUNT_NOT_ENOUGH")
    expect(texts.locator(".facts")).not_to_contain_text(phone)
    texts.get_by_role("button", name="显示完整号码").press("Enter")
    expect(texts.locator(".facts")).to_contain_text(phone)
    texts.get_by_role("link", name="隐藏").press("Enter")
    expect(texts.locator(".facts")).not_to_contain_text(phone)
    texts.get_by_role("link", name="操作记录").click()
    expect(texts.locator("#change-history")).to_contain_text("查看了完整手机号码。")
    assert not [url for url in urls if re.search(phone, url)]


def test_a_text_is_sent_again(texts: Page, live: Live, phone: str) -> None:
    before = len(live.texts(phone))
    _open(texts, "发送失败")
    texts.get_by_role("button", name="重发…").press("Enter")
    expect(texts.locator(".judged")).to_contain_text("作为新短信发送。")
    texts.get_by_role("link", name="返回").click()
    expect(texts.locator(".story")).to_be_visible()
    texts.get_by_role("button", name="重发…").press("Enter")
    texts.get_by_role("button", name="确认重发").press("Enter")
    expect(texts.locator(".messagelist .success")).to_contain_text("已重发 1 条。")
    texts.get_by_role("link", name="查看新短信").press("Enter")
    # In the quiet hours it waits for the morning.
    expect(texts.locator(".facts .badge")).to_have_text(re.compile("待发送|已发送|已送达"))
    waits = texts.locator(".facts .badge", has_text="待发送").count()
    assert len(live.texts(phone)) == before + (0 if waits else 1)


def test_a_text_is_cancelled_from_the_list(texts: Page) -> None:
    """With one that cannot be any more; all by keyboard."""
    for status in ("待发送", "未送达"):
        _rows(texts).filter(has_text=status).get_by_role("checkbox").press("Space")
    texts.locator("[name=action]").focus()
    texts.keyboard.type("取消发送")
    texts.locator("[name=action]").select_option("cancel")
    texts.locator("[name=index]").press("Enter")
    expect(texts.locator(".judged .good")).to_have_text("不再发送。")
    expect(texts.locator(".judged .bad")).to_contain_text("已经来不及")
    texts.get_by_role("button", name="确认取消发送").press("Enter")
    expect(texts.locator(".messagelist .success")).to_contain_text("已取消 1 条。")
    expect(texts.locator(".messagelist .warning")).to_contain_text("1 条没有处理")
    expect(_rows(texts).filter(has_text="待发送")).to_have_count(0)


def test_a_pickup_code_is_cancelled(texts: Page, live: Live, phone: str) -> None:
    texts.goto(f"{live.url}/admin/verifications/pickupcode/")
    _search(texts, f"D{phone}")
    _rows(texts).get_by_role("link").click()
    expect(texts.locator(".facts .badge")).to_have_text("待提货")
    texts.get_by_role("button", name="取消提货码…").press("Enter")
    texts.get_by_role("button", name="确认取消提货码").press("Enter")
    expect(texts.locator(".facts .badge")).to_have_text("已取消")


def test_by_days(texts: Page) -> None:
    texts.locator("[name=from]").fill("2020-01-01")
    texts.locator("[name=to]").fill("2020-01-31")
    texts.get_by_role("button", name="按日期筛选").press("Enter")
    expect(_rows(texts)).to_have_count(0)
    expect(texts.locator("[name=to]")).to_have_value("2020-01-31")
    texts.get_by_role("link", name="全部").first.click()
    expect(_rows(texts)).to_have_count(4)  # the search is kept


def test_it_is_accessible_and_fits(texts: Page, live: Live, phone: str) -> None:
    """In the light and the dark, on a desktop and on a narrow phone."""
    _check(texts, "admin-texts")
    _open(texts, "发送失败")
    _check(texts, "admin-text")
    texts.get_by_role("button", name="重发…").click()
    expect(texts.locator(".judged")).to_be_visible()
    _check(texts, "admin-question")
    texts.goto(f"{live.url}/admin/verifications/pickupcode/")
    _search(texts, phone)
    _check(texts, "admin-pickups")
    _rows(texts).get_by_role("link").click()
    expect(texts.locator(".facts")).to_be_visible()
    _check(texts, "admin-pickup")


def _check(page: Page, name: str) -> None:
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    shoot(page, name)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_an_empty_list(admin: Page, live: Live) -> None:
    admin.goto(f"{live.url}/admin/verifications/message/?from=2020-01-01&to=2020-01-02")
    expect(admin.locator(".paginator")).to_contain_text("0 短信")


def test_nobody_gets_in_without_logging_in(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"{live.url}/admin/verifications/message/")
    expect(page.locator("#id_username")).to_be_visible()
