"""A page of somebody else's cannot make a visitor's browser ask us for anything."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.dadashop.mall import ROUTES, SEND, Mall
from verifications.models import Message

CODES = "/v1/verifications/codes"
OWN = ["http://testserver", "https://testserver"]  # as the test's client calls us
ALLOWED = ["http://127.0.0.1", "http://localhost"]
STRANGERS = [
    *("https://evil.example", "null", "", "http://", "testserver", "http://testserver:81"),
    *("http://testserver.evil.example", "http://evil-testserver", "http://127.0.0.1:8000"),
    *("https://127.0.0.1", "http://127.0.0.1/", "http://127.0.0.1.evil.example", "http://127.0.0"),
    *(
        "file://",
        "http://testserver, http://127.0.0.1",
        "HTTP://TESTSERVER.",
        "http://x@testserver",
    ),
]

pytestmark = pytest.mark.django_db


def _send(client: Client, phone: str, path: str = CODES, **headers: str) -> Any:
    """As a page of another origin may without asking first."""
    body = json.dumps({"phone": phone, "purpose": "login"})
    return client.generic("POST", path, body, "text/plain", headers=headers)


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_stranger_is_refused(origin: str, client: Client, phone: str) -> None:
    answer = _send(client, phone, Origin=origin)
    assert answer.status_code == 403
    assert (answer["Content-Type"], answer.json()["code"]) == (
        "application/problem+json",
        "forbidden",
    )
    assert not Message.objects.exists()


@pytest.mark.parametrize("origin", STRANGERS)
@pytest.mark.parametrize("path", ROUTES)
def test_at_the_malls_routes_in_a_way_that_its_pages_read(
    path: str, origin: str, mall: Mall, phone: str
) -> None:
    told = mall.post(path, {"phone": phone}, Origin=origin)
    assert told["code"] == 10100
    assert told["error"]["message"] == "不接受来自其他网站的请求，请在本站页面操作。"
    assert not Message.objects.exists()


@pytest.mark.parametrize("origin", [*OWN, *ALLOWED])
def test_our_own_page_and_the_malls_are_served(origin: str, client: Client, phone: str) -> None:
    site = "same-origin" if origin == OWN[0] else "cross-site"
    answer = _send(client, phone, Origin=origin, **{"Sec-Fetch-Site": site})
    assert answer.status_code == 202


@pytest.mark.parametrize("origin", ALLOWED)
def test_the_malls_page_is_served_at_its_route(origin: str, mall: Mall, phone: str) -> None:
    assert mall.post(SEND, {"phone": phone}, Origin=origin)["code"] == 200


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}])
def test_an_app_and_a_server_say_no_origin(
    headers: dict[str, str], client: Client, phone: str
) -> None:
    assert _send(client, phone, **headers).status_code == 202


def test_a_browser_that_says_that_it_comes_from_elsewhere_but_not_whence(
    client: Client, phone: str
) -> None:
    assert _send(client, phone, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_name_that_was_led_to_us_is_not_ours(client: Client, phone: str) -> None:
    """DNS rebinding: the page and the host that it calls are both the stranger's."""
    answer = _send(client, phone, Host="evil.example", Origin="http://evil.example")
    assert answer.status_code == 403


def test_behind_a_proxy_that_ends_tls(client: Client, phone: str, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["sms.example.com"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    told = {"Host": "sms.example.com", "X-Forwarded-Proto": "https"}
    assert _send(client, phone, Origin="http://sms.example.com", **told).status_code == 403
    assert _send(client, phone, Origin="https://sms.example.com", **told).status_code == 202


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_changes_nothing_is_answered(method: str, client: Client) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.generic(method, "/v1/users/me", headers=headers)
    assert answer.status_code != 403
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("path", ["/v1/notices", "/v1/pickup-codes", "/v1/receipts/aliyun/x"])
def test_no_post_is_left_out(path: str, client: Client, phone: str) -> None:
    assert _send(client, phone, path, Origin="null").status_code == 403


def test_the_refusal_has_the_headers_of_every_answer(client: Client, phone: str) -> None:
    answer = _send(client, phone, Origin="null", **{"Accept-Language": "en"})
    assert answer.json()["detail"].startswith("This cannot be done from another site")
    assert answer["Vary"] == "origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
