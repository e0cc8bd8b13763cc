"""It speaks the language, and has the colours, of what is around it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.component.conftest import OpenWith
from tests.browser.test_accessibility import violations
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.mark.parametrize("where", ["page", "element"])
def test_it_speaks_the_language_around_it(open_with: OpenWith, where: str, phone: str) -> None:
    tag = '<dada-sms-code lang="en-GB"></dada-sms-code>'
    page = open_with(tag if where == "element" else f'<div lang="en">{tag[:14]}{tag[27:]}</div>')
    page.get_by_label("Phone number").fill("10000000000")
    page.get_by_role("button", name="Get a code").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not a mobile number.")
    page.evaluate("document.querySelector('dada-sms-code').lang = 'zh'")
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()


def test_both_languages_have_the_same_words(page: Page, live: Live) -> None:
    words = page.evaluate(
        "async (url) => (await import(url)).WORDS", f"{live.url}/static/dadashop/dada-sms-code.js"
    )
    assert words["zh"].keys() == words["en"].keys()
    for name, chinese in words["zh"].items():
        assert ("{t}" in chinese, "{n}" in chinese) == (
            "{t}" in words["en"][name],
            "{n}" in words["en"][name],
        )


def test_a_page_gives_it_its_colours(open_with: OpenWith) -> None:
    page = open_with("<dada-sms-code></dada-sms-code>")
    page.evaluate("document.body.style.setProperty('--dada-accent', 'rgb(0, 80, 0)')")
    page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("dada-sms-code::part(button) { border-radius: 3px }");
      document.adoptedStyleSheets = [sheet];
    }""")
    button = page.get_by_role("button", name="获取验证码")
    expect(button).to_have_css("background-color", "rgb(0, 80, 0)")
    expect(button).to_have_css("border-radius", "3px")


@pytest.mark.parametrize(
    ("head", "colour"),
    [
        ("", "rgb(36, 30, 26)"),
        (
            "<style>:root { color-scheme: light dark } body { background: Canvas }</style>",
            "rgb(243, 236, 231)",
        ),
    ],
    ids=["a light page", "a page of both"],
)
def test_it_is_dark_where_the_page_is(open_with: OpenWith, head: str, colour: str) -> None:
    page = open_with("<dada-sms-code></dada-sms-code>", head)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("dada-sms-code")).to_have_css("color", colour)
    assert violations(page, ignoring={"landmark-one-main", "page-has-heading-one", "region"}) == []
