"""The admin in a browser: it works under its policy, of which the browser does not complain."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OPERATOR, PASSWORD, OpenPage
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.mark.usefixtures("operator")
def test_logging_in_and_out(open_page: OpenPage, live: Live) -> None:
    page = open_page({"width": 1280, "height": 800}, timezone_id="Asia/Shanghai")
    page.context.clear_cookies()
    page.goto(f"{live.url}/admin")
    page.fill("#id_username", OPERATOR)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#user-tools")).to_contain_text(OPERATOR)
    page.locator("#logout-form button").click()
    expect(page.locator("#user-tools")).to_have_count(0)


def test_a_phone_is_blocked_found_and_let_go(admin: Page, live: Live, phone: str) -> None:
    masked = f"{phone[:3]}****{phone[-4:]}"
    urls: list[str] = []
    admin.on("request", lambda request: urls.append(request.url))

    admin.get_by_role("link", name="黑白名单", exact=True).click()
    admin.locator(".addlink").last.click()
    admin.fill("#id_value", f"{phone[:3]} {phone[3:7]} {phone[7:]}")
    admin.locator(".datetimeshortcuts a").first.click()  # 今天, which a script sets
    expect(admin.locator("#id_expires_at_0")).not_to_be_empty()
    admin.fill("#id_expires_at_0", "2999-12-31")
    admin.fill("#id_expires_at_1", "23:59:59")
    admin.locator("[name=_save]").click()
    expect(admin.locator(".messagelist .success")).to_contain_text(masked)

    admin.fill("#searchbar", phone)
    admin.keyboard.press("Enter")
    expect(admin.locator("#result_list tbody tr")).to_have_count(1)
    expect(admin.locator("#searchbar")).to_have_value(phone)
    expect(admin.locator("#result_list")).to_contain_text(masked)

    admin.locator("#action-toggle").check()
    admin.locator("[name=action]").select_option("delete_selected")
    admin.locator("[name=index]").click()
    expect(admin.locator("#content")).to_contain_text(masked)
    admin.locator("#content [type=submit]").click()
    expect(admin.locator(".messagelist .success")).to_be_visible()
    assert not [url for url in urls if re.search(phone, url)]


def test_every_kind_of_page(admin: Page, live: Live) -> None:
    for path in (
        "",
        "verifications/listentry/?what__exact=phone",
        "auth/user/",
        "auth/user/add/",
        "auth/group/add/",
        "password_change/",
    ):
        answer = admin.goto(f"{live.url}/admin/{path}")
        assert answer
        assert answer.status == 200
        expect(admin.locator("#content h1")).not_to_be_empty()
