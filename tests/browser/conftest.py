"""A real Chromium against the whole product: one browser a worker, fresh tabs a test."""

import itertools
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
import requests
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser import mall, program
from tests.browser.shop import Shop
from tests.live import Live, start, stop

HERE = Path(__file__).parent
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 15_000
OPERATOR, PASSWORD = "operator", "not-a-word-of-this-is-known"

OpenPage = Callable[..., Page]
OpenShop = Callable[..., Shop]

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_numbers = itertools.count(13_900_000_000 + _worker * 1_000_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These come last, in the order they have, so that a worker starts one browser only."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture
def phone() -> str:
    """A mobile number that no other test uses, on any worker."""
    return str(next(_numbers))


# Not for the session: while Playwright runs, so does an event loop, and in a thread with one
# Django refuses to touch the database, as tests elsewhere do.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    found = program.path()
    if found is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"needs chromium: none of {', '.join(program.NAMES)} is on the PATH")
    expect.set_options(timeout=PATIENCE_MS)
    with mall.serving() as rules, sync_playwright() as playwright:
        arguments = [*ARGUMENTS, f"--host-resolver-rules={rules}"]
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def hurried_live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A product that sends the same phone the next code after a second."""
    data_dir = tmp_path_factory.mktemp("hurried")
    running = start(data_dir, DJANGO_SETTINGS_MODULE="tests.browser.settings")
    yield running
    stop(running)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: errors of scripts, of the policy, of files not found."""
    return []


@pytest.fixture(scope="package")
def contexts(chromium: Browser) -> Callable[..., BrowserContext]:
    """The profile with these options. Making one takes longer than most tests, so it is shared:
    our pages keep nothing outside their tab (test_privacy.py), and each test has its own tabs.
    """

    @cache
    def context_with(**options: Any) -> BrowserContext:
        context = chromium.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        return context

    return context_with


@pytest.fixture
def open_page(contexts: Callable[..., BrowserContext], complaints: list[str]) -> Iterator[OpenPage]:
    """Opens a tab of its own for the test. The browser may not complain of what is in it."""
    pages = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _is_refused_call(message):
            complaints.append(f"{message.text} ({message.location['url']})")

    def open_one(viewport: ViewportSize = PHONE, locale: str = "zh-CN", **options: Any) -> Page:
        page = contexts(locale=locale, **options).new_page()
        pages.append(page)
        page.set_viewport_size(viewport)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for page in pages:
        page.close()
    assert complaints == []


def _is_refused_call(message: ConsoleMessage) -> bool:
    """The browser notes each 4xx; one from the API is an answer like another."""
    return message.text.startswith("Failed to load resource") and "/v1/" in message.location["url"]


@pytest.fixture(scope="package")
def operator(live: Live) -> list[SetCookieParam]:
    """The cookies of a superuser who has logged in: once, as an address has ten tries."""
    address = {"DJANGO_SUPERUSER_USERNAME": OPERATOR, "DJANGO_SUPERUSER_EMAIL": "o@mall.example"}
    live.manage("createsuperuser", "--noinput", DJANGO_SUPERUSER_PASSWORD=PASSWORD, **address)
    with requests.Session() as session:
        url = f"{live.url}/admin/login/"
        session.get(url, timeout=10)
        form = {"username": OPERATOR, "password": PASSWORD, "next": "/admin/"}
        form["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
        session.post(url, form, headers={"Referer": url}, timeout=10).raise_for_status()
        return [
            {"name": name, "value": value, "domain": "127.0.0.1", "path": "/admin/"}
            for name, value in session.cookies.items()
        ]


@pytest.fixture
def admin(open_page: OpenPage, live: Live, operator: list[SetCookieParam]) -> Page:
    """The admin's first page, logged in; in a profile of its own (by its time zone), since these
    pages do keep a cookie."""
    page = open_page({"width": 1280, "height": 800}, timezone_id="Asia/Shanghai")
    page.context.clear_cookies()  # of the test before
    page.context.add_cookies(operator)
    page.goto(f"{live.url}/admin/")
    expect(page.locator("#user-tools")).to_contain_text(OPERATOR)
    return page


@pytest.fixture
def open_shop(open_page: OpenPage, live: Live) -> OpenShop:
    """Opens the shopper's page with options of a Playwright context."""
    return lambda **options: Shop(open_page(**options), live)


@pytest.fixture
def shop(open_shop: OpenShop) -> Shop:
    return open_shop()


@pytest.fixture
def hurried_shop(open_page: OpenPage, hurried_live: Live) -> Shop:
    return Shop(open_page(), hurried_live)
