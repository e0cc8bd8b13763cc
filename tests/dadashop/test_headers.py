"""Headers of every kind of answer: what the short way of the API must not lose."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.conftest import Api
from tests.dadashop.mall import ROUTES, Mall

PAGES = ("/", "/v1/docs", "/v1/docs/problems", "/v1/docs/example")
REFUSALS = [
    ("/v1/verifications/codes", 405),
    ("/v1/verifications/codes/none-of-ours", 404),
    ("/v1/verifications/verify", 405),
    ("/v1/users/me", 401),
    ("/v1/nothing", 404),
    ("/v1/", 404),
    ("/v1/users/nothing", 404),
    ("/v1/verifications/codes/a/b", 404),
]


def _is_safe(answer: Any) -> None:
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "Strict-Transport-Security" not in answer  # not over http, nor in development
    assert not answer.cookies
    assert "Set-Cookie" not in answer


def _is_bare(answer: Any) -> None:
    """No browser makes anything of it, whatever it thinks that it is."""
    _is_safe(answer)
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["Vary"] == "origin"


@pytest.mark.django_db
def test_an_api_answer(api: Api, phone: str, last_code: Callable[[], str]) -> None:
    sent = api.send(phone)
    for answer in (
        sent,
        api.verify(phone, last_code()),
        api.send(phone),
        api.client.get(f"/v1/verifications/codes/{sent.json()['id']}"),
    ):
        _is_bare(answer)
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("path", "status"), REFUSALS)
def test_a_refusal(path: str, status: int, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    _is_safe(answer)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer["Vary"] == "origin"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/openapi.json"])
def test_what_operators_and_developers_ask_for(path: str, client: Client) -> None:
    _is_bare(client.get(path))


@pytest.mark.parametrize("path", ROUTES)
def test_the_malls_routes(path: str, mall: Mall) -> None:
    answer = mall.client.post(path, "{}", content_type=mall.content_type)
    _is_bare(answer)


@pytest.mark.parametrize("path", PAGES)
def test_a_page(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    _is_safe(answer)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in answer["Content-Security-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]
    assert "otp" not in answer["Permissions-Policy"]  # the page reads the code of a text
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("dadashop/page.css", "text/css"),
        ("dadashop/page.js", "text/javascript"),
        ("dadashop/dada-sms-code.js", "text/javascript"),
        ("dadashop/logo.svg", "image/svg+xml"),
        ("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css", "text/css"),
    ],
)
def test_a_static_file(name: str, content_type: str, client: Client) -> None:
    answer: Any = client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer["Content-Type"].partition(";")[0] == content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    path = finders.find(name)
    assert path
    assert b"".join(answer.streaming_content) == Path(path).read_bytes()
