"""What docs/captcha.md tells a page to do for another captcha, with stand-ins for the vendors'
scripts: they call back as their documents say."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import mall
from tests.browser.conftest import OpenPage
from tests.docs.pages import blocks, read

pytestmark = pytest.mark.browser

GEETEST, TIANYU = blocks(read("docs/captcha.md"), "js")
PATH = "/vendors.html"
# `ends` is how the shopper ends it.
OF_GEETEST = """
let ends = "onSuccess";
function initGeetest4({ captchaId, product }, ready) {
  const heard = {};
  const box = {
    getValidate: () => ({ lot_number: captchaId, product }),
    showCaptcha: () => heard[ends](),
  };
  for (const name of ["onReady", "onSuccess", "onError", "onClose"])
    box[name] = (act) => { heard[name] = act; return box; };
  ready(box);
  setTimeout(() => heard.onReady());
}
"""
OF_TIANYU = """
let ends = 0;
class TencentCaptcha {
  constructor(appId, answered) { Object.assign(this, { appId, answered }); }
  show() {
    const { appId: ticket, answered } = this;
    setTimeout(() => answered({ ret: ends, ticket, randstr: "@r" }));
  }
}
"""
SOLVE = 'document.querySelector("dada-sms-code").solveCaptcha'


@pytest.fixture
def page(open_page: OpenPage, request: pytest.FixtureRequest) -> Iterator[Page]:
    head = '<meta charset="utf-8"><link rel="icon" href="data:,">'
    body = "<dada-sms-code></dada-sms-code>"
    script = "".join(f"<script>{part}</script>" for part in request.param)
    mall.PAGES[PATH] = f"<!doctype html><html>{head}{body}{script}"
    page = open_page()
    page.goto(mall.ORIGIN + PATH)
    yield page
    del mall.PAGES[PATH]


def _fails(page: Page, challenge: str) -> bool:
    failed: bool = page.evaluate(f"{SOLVE}({challenge}).then(() => false, () => true)")
    return failed


@pytest.mark.parametrize("page", [(OF_GEETEST, GEETEST)], indirect=True, ids=["geetest"])
def test_geetests_answer_is_what_it_validated(page: Page) -> None:
    challenge = '{ captcha_id: "id" }'
    answer = page.evaluate(f"{SOLVE}({challenge})")
    assert json.loads(answer) == {"lot_number": "id", "product": "bind"}
    for end in ("onError", "onClose"):
        page.evaluate(f"ends = '{end}'; null")
        assert _fails(page, challenge)


@pytest.mark.parametrize("page", [(OF_TIANYU, TIANYU)], indirect=True, ids=["tianyu"])
def test_tianyus_answer_is_its_ticket(page: Page) -> None:
    challenge = '{ captcha_app_id: "7" }'
    answer = page.evaluate(f"{SOLVE}({challenge})")
    assert json.loads(answer) == {"ticket": "7", "randstr": "@r"}
    page.evaluate("ends = 2; null")
    assert _fails(page, challenge)
