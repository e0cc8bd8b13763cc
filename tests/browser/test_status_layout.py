"""Whatever the page says of a text, nothing around the words moves."""

from typing import Any

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import OpenShop

pytestmark = [pytest.mark.browser, pytest.mark.live]

PLACES = """async ({ shadowRoot }, language) => {
  const { WORDS } = await import("/static/dadashop/dada-sms-code.js");
  const status = shadowRoot.querySelector("#status");
  const around = [...shadowRoot.querySelectorAll("#submit, #resend, .after .note")];
  around.push(document.querySelector(".sandbox"));
  const places = () => around.map((node) => Math.round(node.getBoundingClientRect().top));
  const words = Object.entries(WORDS[language]).filter(([name]) => name.startsWith("status"));
  return Object.fromEntries([["", ""], ...words].map(([name, text]) => {
    status.textContent = text;
    return [name, places()];
  }));
}"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_every_status_takes_the_same_room(
    open_shop: OpenShop, phone: str, locale: str, width: int
) -> None:
    viewport: ViewportSize = {"width": width, "height": 844}
    shop = open_shop(locale=locale, viewport=viewport)
    shop.ask_and_read(phone)
    expect(shop.status).not_to_be_empty()
    places: dict[str, Any] = shop.page.locator("#sms").evaluate(PLACES, locale[:2])
    assert len(places) == 9
    assert {name for name, where in places.items() if where != places[""]} == set()
