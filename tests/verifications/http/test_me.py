from collections.abc import Callable

import pytest

from tests.conftest import Api


@pytest.fixture
def signed_in(api: Api, phone: str, last_code: Callable[[], str]) -> dict[str, object]:
    api.send(phone)
    found: dict[str, object] = api.verify(phone, last_code()).json()
    return found


@pytest.mark.parametrize("prefix", ["Bearer ", "", "bearer "])
def test_a_token_tells_who_it_is(prefix: str, api: Api, signed_in: dict[str, object]) -> None:
    headers = {"Authorization": f"{prefix}{signed_in['token']}"}
    answer = api.client.get("/v1/users/me", headers=headers)
    assert answer.status_code == 200
    assert answer.json() == signed_in["user"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x.y.z", "Basic abc"])
def test_anything_else_is_a_401(header: str | None, api: Api) -> None:
    headers = {"Authorization": header} if header is not None else {}
    answer = api.client.get("/v1/users/me", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthorized"
