"""GET /v1/verifications/codes/<id>: what became of a text, and of its code."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api
from verifications.models import Message
from verifications.services import notify

pytestmark = pytest.mark.redis


def _ask(api: Api, code_id: str) -> Any:
    return api.client.get(f"/v1/verifications/codes/{code_id}")


def test_a_text_just_sent(api: Api, phone: str, travel: Callable[[float], None]) -> None:
    code_id = api.send(phone).json()["id"]
    travel(10.5)
    answer = _ask(api, code_id)
    assert answer.status_code == 200
    assert answer.json() == {
        "id": code_id,
        "status": "sent",
        "resend_after": 50,
        "expires_in": 290,
    }
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", Message.Status.values)
def test_the_status_is_that_of_the_message(status: str, api: Api, phone: str) -> None:
    code_id = api.send(phone).json()["id"]
    Message.objects.filter(pk=code_id).update(status=status)
    assert _ask(api, code_id).json()["status"] == status


def test_a_used_code_has_no_life_left(api: Api, phone: str, last_code: Callable[[], str]) -> None:
    code_id = api.send(phone, "pickup").json()["id"]
    api.verify(phone, last_code(), "pickup")
    body = _ask(api, code_id).json()
    assert (body["expires_in"], body["resend_after"]) == (0, 60)


@pytest.mark.parametrize("code_id", ["8f14e45f-ceea-467f-9575-7d6bdf7bbd5b", "x", "1", "x" * 500])
def test_an_id_that_is_not_ours_is_not_found(code_id: str, api: Api) -> None:
    answer = _ask(api, code_id)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_the_id_of_a_notice_is_not_found_here(api: Api, phone: str) -> None:
    (notice,) = notify(phone, "shipped", {"order": "D1", "company": "顺丰", "number": "SF1"})
    assert notice.id
    assert _ask(api, notice.id).status_code == 404


def test_nothing_tells_the_phone(api: Api, phone: str) -> None:
    """An id is no secret: it stands in a page's history and in a proxy's log."""
    assert phone[-4:] not in _ask(api, api.send(phone).json()["id"]).content.decode()[40:]
