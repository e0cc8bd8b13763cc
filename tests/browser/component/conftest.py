"""<dada-sms-code> in a page of the mall, which is another origin and knows nothing of ours."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import mall
from tests.browser.conftest import OpenPage
from tests.live import ROOT, Live

SOURCE = ROOT / "dadashop/static/dadashop/dada-sms-code.js"
REMEMBER = """() => {
  window.heard = [];
  for (const name of ["sent", "verified", "refused"])
    document.addEventListener(name, ({ detail }) => heard.push([name, detail]));
}"""
VALUES = "Object.fromEntries(new FormData(document.querySelector('form')))"
FORM = (
    '<form><dada-sms-code no-verify code-name="verify"></dada-sms-code><button>提交</button></form>'
)
OpenWith = Callable[..., Page]
_pages = itertools.count()


@pytest.fixture
def open_with(open_page: OpenPage, live: Live) -> Iterator[OpenWith]:
    """Opens a page of the mall with this body, which has the component's script."""
    paths = []

    def open_it(body: str, head: str = "", src: str = "", **options: Any) -> Page:
        src = src or f"{live.url}/static/dadashop/dada-sms-code.js"
        head += f'<link rel="icon" href="data:,"><script type="module" src="{src}"></script>'
        paths.append(f"/component-{next(_pages)}.html")
        mall.PAGES[paths[-1]] = f'<!doctype html><html lang="zh"><title>商城</title>{head}{body}'
        page = open_page(**options)
        page.goto(mall.ORIGIN + paths[-1])
        page.evaluate(REMEMBER)
        return page

    yield open_it
    for path in paths:
        del mall.PAGES[path]


@pytest.fixture
def page(open_with: OpenWith) -> Page:
    return open_with('<dada-sms-code purpose="login"></dada-sms-code>')


def ask(page: Page, phone: str) -> None:
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("短信验证码")).to_be_focused()


def heard(page: Page) -> list[tuple[str, Any]]:
    return [(name, detail) for name, detail in page.evaluate("heard")]
