"""What a phone's keyboard, its texts and a clipboard need of the two fields."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.live]

PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  field.focus();
  field.select();
  if (field.dispatchEvent(paste)) document.execCommand("insertText", false, text);
}"""


def paste(field: Locator, text: str) -> None:
    field.evaluate(PASTE, text)


def test_a_phone_knows_what_to_fill_in(shop: Shop, phone: str) -> None:
    expect(shop.phone).to_have_attribute("autocomplete", "tel-national")
    expect(shop.phone).to_have_attribute("inputmode", "tel")
    expect(shop.focused("phone")).to_be_visible()
    shop.ask_and_read(phone)
    expect(shop.code).to_have_attribute("autocomplete", "one-time-code")
    expect(shop.code).to_have_attribute("inputmode", "numeric")
    expect(shop.focused("code")).to_be_visible()


def test_a_phone_is_pasted_in_any_form(shop: Shop) -> None:
    for text in (
        "13912345678",
        "+86 139-1234-5679",
        "0086 13912345680",
        "８６１３９１２３４５６８１",
    ):
        paste(shop.phone, text)
        expect(shop.phone).to_have_value(f"139 1234 56{text[-2:].translate(NARROW)}")


def test_a_phone_of_another_country_keeps_its_own_prefix(shop: Shop) -> None:
    paste(shop.phone, "+852 6123 4567")
    expect(shop.phone).to_have_value("+85261234567")
    expect(shop.page.locator("#phone-prefix")).to_be_hidden()


def test_the_whole_text_is_pasted_for_the_code(shop: Shop, phone: str) -> None:
    shop.ask_and_read(phone)
    paste(shop.code, shop.live.texts(phone)[0]["text"])
    expect(shop.title).to_have_text("欢迎加入达达商城")


def test_full_width_digits_are_digits(shop: Shop, phone: str) -> None:
    code = shop.ask_and_read(phone)
    shop.page.keyboard.insert_text(code.translate(WIDE))
    expect(shop.title).to_have_text("欢迎加入达达商城")


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NARROW = {wide: narrow for narrow, wide in WIDE.items()}
