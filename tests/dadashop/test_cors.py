"""The mall's pages call from another origin: theirs is let in, and no other."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import Api
from tests.dadashop.mall import FORM, ROUTES, Mall

ALLOWED = ["http://127.0.0.1", "http://localhost"]
STRANGERS = [
    "http://evil.example",
    "https://127.0.0.1",
    "http://127.0.0.1:8080",
    "http://127.0.0.1.evil.example",
    "http://evil.example/http://127.0.0.1",
    "null",
    "",
    "http://[",
]
API = ["/v1/verifications/codes", "/v1/verifications/verify", "/v1/users/me"]


def _lets_in(answer: Any, origin: str) -> None:
    assert answer["Access-Control-Allow-Origin"] == origin
    assert "origin" in answer["Vary"]
    # Nobody is known by a cookie.
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ALLOWED)
def test_answers_and_refusals_may_be_read(origin: str, api: Api, phone: str) -> None:
    body = {"phone": phone, "purpose": "login"}
    statuses = []
    for _ in range(2):
        answer = api.post("/v1/verifications/codes", body, Origin=origin)
        _lets_in(answer, origin)
        statuses.append(answer.status_code)
    assert statuses == [202, 429]
    assert "Retry-After" in answer["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/users/me", 401), ("/v1/nothing", 404), ("/v1/verifications/verify", 405)],
)
def test_other_refusals_may_be_read_too(path: str, status: int, client: Client) -> None:
    answer = client.get(path, headers={"Origin": ALLOWED[0]})
    assert answer.status_code == status
    _lets_in(answer, ALLOWED[0])


def test_even_a_mistake_of_ours_may_be_read(
    api: Api, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifications.services.send_code", None)
    body = {"phone": phone, "purpose": "login"}
    answer = api.post("/v1/verifications/codes", body, Origin=ALLOWED[0])
    assert answer.status_code == 500
    _lets_in(answer, ALLOWED[0])


@pytest.mark.parametrize("path", ROUTES)
def test_the_malls_routes_may_be_read(path: str, mall: Mall) -> None:
    answer = mall.client.post(path, "{}", content_type=FORM, headers={"Origin": ALLOWED[0]})
    _lets_in(answer, ALLOWED[0])


@pytest.mark.parametrize("origin", STRANGERS)
@pytest.mark.parametrize("path", [*API, *ROUTES, "/v1/nothing"])
def test_another_origin_may_read_nothing(path: str, origin: str, client: Client) -> None:
    answer = client.post(path, "{}", content_type=FORM, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer
    assert "origin" in answer["Vary"]


def _preflight(client: Client, path: str, origin: str) -> Any:
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        },
    )


@pytest.mark.parametrize("path", [*API, *ROUTES])
def test_a_preflight_of_the_mall_passes(path: str, client: Client) -> None:
    answer = _preflight(client, path, ALLOWED[0])
    assert answer.status_code == 200
    assert not answer.content
    _lets_in(answer, ALLOWED[0])
    headers = answer["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "content-type"} <= set(headers)
    assert answer["Access-Control-Allow-Methods"] == "GET, POST"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


@pytest.mark.parametrize("origin", STRANGERS)
@pytest.mark.parametrize("path", [*API, *ROUTES])
def test_a_preflight_of_another_origin_does_not(path: str, origin: str, client: Client) -> None:
    answer = _preflight(client, path, origin)
    assert not [name for name in answer.headers if name.startswith("Access-Control-Allow-")]


def test_a_preflight_does_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("called")

    monkeypatch.setattr("dadashop.mall.services.send_code", broken)
    monkeypatch.setattr("verifications.edge.read_object", broken)
    assert _preflight(client, ROUTES[0], ALLOWED[0]).status_code == 200


@pytest.fixture
def own_origin(settings: Any) -> str:
    settings.CORS_ALLOWED_ORIGINS = ["https://mall.example"]
    return "https://mall.example"


def test_the_settings_say_who(own_origin: str, client: Client) -> None:
    _lets_in(client.get("/v1/users/me", headers={"Origin": own_origin}), own_origin)
    answer = client.get("/v1/users/me", headers={"Origin": ALLOWED[0]})
    assert "Access-Control-Allow-Origin" not in answer
