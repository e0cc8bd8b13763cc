"""The shopper's page at `/`, and the phone beside it."""

import json
import re

from playwright.sync_api import Locator, Page, Request, expect

from tests.conftest import wrong
from tests.live import Live


def newest_code(live: Live, phone: str) -> str:
    """What a shopper reads off the phone."""
    found = re.search(r"\d{6}", live.texts(phone)[0]["text"])
    assert found, "a text without a code"
    return found[0]


def grouped(phone: str) -> str:
    """As the page shows it while it is typed."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"


class Shop:
    """What a shopper sees, and does with it."""

    def __init__(self, page: Page, live: Live) -> None:
        self.page = page
        self.live = live
        self.requests: list[Request] = []
        page.on("request", lambda request: self.requests.append(request))
        page.goto(live.url)
        self.title = page.locator("#title")
        self.phone = page.locator("#phone")
        self.code = page.locator("#code")
        self.submit = page.locator("#submit")
        self.resend = page.locator("#resend")
        self.status = page.locator("#status")
        self.username = page.locator("#username")
        self.masked = page.locator("#user-phone")
        self.sign_out = page.locator("#sign-out")

    def ask(self, phone: str) -> None:
        """Asks for a code; what comes of it is the test's to expect."""
        self.phone.fill(phone)
        self.submit.click()

    def ask_and_read(self, phone: str) -> str:
        """Asks for a code, waits for the place to type it, and reads it off the phone."""
        self.ask(phone)
        self.code.wait_for()
        return newest_code(self.live, phone)

    def log_in(self, phone: str) -> None:
        """All the way to the welcome."""
        self.type_code(self.ask_and_read(phone))
        self.sign_out.wait_for()

    def log_in_and_out(self, phone: str) -> str:
        """Takes long enough about it to be sent the next code at once. The user's name."""
        code = self.ask_and_read(phone)
        expect(self.resend).to_have_text("重新发送")
        self.type_code(code)
        self.sign_out.wait_for()
        name = self.username.inner_text()
        self.sign_out.click()
        return name

    def type_code(self, code: str) -> None:
        """Key by key; the last digit sends it."""
        self.code.press_sequentially(code)

    def type_wrong_code(self, code: str) -> None:
        self.type_code(wrong(code))

    def choose(self, mode: str) -> None:
        """`login` or `register`."""
        self.page.locator(f"label[for=mode-{mode}]").click()

    def error(self, field: str) -> Locator:
        """The words beside `phone` or `code`."""
        return self.page.locator(f"#{field}-error")

    def focused(self, name: str) -> Locator:
        """To be expected visible: the element of that id, while it has the focus."""
        return self.page.locator(f"#{name}:focus")

    def followed(self) -> list[str]:
        """The ids of the texts of which the page asked what became of them, once for each time."""
        asked = [r.url.partition("/v1/verifications/codes/")[2] for r in self.requests]
        return [code_id for code_id in asked if code_id]

    def guesses(self) -> list[str]:
        """The codes that the page sent to be checked."""
        sent = [r for r in self.requests if r.method == "POST" and r.url.endswith("/verify")]
        return [json.loads(request.post_data or "")["code"] for request in sent]

    def asked(self) -> int:
        """How often the page asked the server for a text."""
        return sum(r.method == "POST" and r.url.endswith("/codes") for r in self.requests)
