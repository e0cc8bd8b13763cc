"""POST /v1/pickup-codes, /redeem and /cancel: from an order to a parcel that is handed over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.verifications.http.conftest import Service
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit

LastCode = Callable[[], str]


def _issue(service: Service, phone: str, order: str = "D1001") -> Any:
    return service("/v1/pickup-codes", {"phone": phone, "order": order})


def _redeem(service: Service, code: str, **of: str) -> Any:
    return service("/v1/pickup-codes/redeem", {"code": code, **of})


def test_a_code_is_texted(service: Service, phone: str) -> None:
    answer = _issue(service, phone)
    assert answer.status_code == 202
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert told.keys() == {"order", "phone", "expires_at", "redeemed_at"}
    assert (told["order"], told["redeemed_at"]) == ("D1001", None)
    assert told["phone"] == f"{phone[:3]}****{phone[-4:]}"
    life = datetime.fromisoformat(told["expires_at"]) - timezone.now()
    assert timedelta(days=6, hours=23, minutes=59) < life <= timedelta(days=7)
    (text,) = locmem.outbox
    assert list(text.params) == ["code", "order", "until"]
    assert text.params["code"] not in answer.content.decode()


@pytest.mark.parametrize("by", ["order", "phone"])
def test_a_right_code_hands_over_once(
    by: str, service: Service, phone: str, last_code: LastCode
) -> None:
    issued = _issue(service, phone).json()
    of = {by: {"order": "D1001", "phone": phone}[by]}
    answer = _redeem(service, last_code(), **of)
    assert answer.status_code == 200
    told = answer.json()
    assert told | {"redeemed_at": None} == issued
    assert datetime.fromisoformat(told["redeemed_at"]) <= timezone.now()
    again = _redeem(service, last_code(), **of)
    assert (again.status_code, again.json()["code"]) == (400, "code_expired")


def test_of_several_orders_the_code_tells_which(
    service: Service, phone: str, last_code: LastCode
) -> None:
    _issue(service, phone, "D1001")
    first = last_code()
    _issue(service, phone, "D1002")
    assert _redeem(service, first, phone=phone).json()["order"] == "D1001"
    assert _redeem(service, last_code(), phone=phone).json()["order"] == "D1002"


def test_asked_again_it_is_the_same_code(
    service: Service, phone: str, last_code: LastCode, travel: Callable[[float], None]
) -> None:
    first, code = _issue(service, phone).json(), last_code()
    travel(60)
    assert _issue(service, phone).json() == first
    assert [text.params["code"] for text in locmem.outbox] == [code, code]


def test_a_cancelled_code_opens_nothing(service: Service, phone: str, last_code: LastCode) -> None:
    issued = _issue(service, phone).json()
    answer = service("/v1/pickup-codes/cancel", {"order": "D1001"})
    assert (answer.status_code, answer.json()) == (200, issued)
    assert _redeem(service, last_code(), order="D1001").json()["code"] == "code_expired"
