"""The mall's own pages: what they post, and the answers to the letter where all goes well."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.dadashop.mall import FORM, SEND, Mall
from verifications.providers import locmem

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LastCode = Callable[[], str]


@pytest.fixture(params=[FORM, "application/json"])
def mall(request: pytest.FixtureRequest, client: Client) -> Mall:
    """Some pages name the one content type, some the other; both post the same JSON text."""
    return Mall(client, request.param)


def test_a_code_is_asked_for(mall: Mall, phone: str) -> None:
    assert mall.send(phone) == {"code": 200, "data": {"resend_after": 60, "expires_in": 300}}
    assert locmem.outbox[-1].phones == ["+86" + phone]


def test_a_shopper_registers(mall: Mall, phone: str, last_code: LastCode) -> None:
    mall.send(phone)
    told = mall.register(phone, last_code(), uname="达达迷")
    assert told == {"code": 200, "username": "达达迷", "token": told["token"], "carts_count": 0}
    user = get_user_model().objects.get(username="达达迷")
    assert user.check_password("secret1")
    assert user.email == "shopper@example.com"


def test_a_shopper_logs_in(mall: Mall, phone: str, last_code: LastCode) -> None:
    mall.send(phone, purpose="login")
    told = mall.log_in(phone, last_code())
    assert told.keys() == {"code", "username", "token", "carts_count"}
    assert (told["code"], told["carts_count"]) == (200, 0)
    assert get_user_model().objects.filter(username=told["username"]).exists()


def test_the_route_of_registration_has_two_names(
    mall: Mall, phone: str, last_code: LastCode
) -> None:
    mall.send(phone)
    body = {"uname": "dada", "password": "secret1", "phone": phone, "verify": last_code()}
    assert mall.post("/v1/users/register", body)["code"] == 200


def test_a_code_is_for_registering_unless_the_page_says_otherwise(
    mall: Mall, phone: str, last_code: LastCode
) -> None:
    mall.send(phone)
    assert mall.log_in(phone, last_code())["code"] == 10105  # no live code for logging in
    assert mall.register(phone, last_code())["code"] == 200


@pytest.mark.parametrize("purpose", [None, ""])
def test_an_empty_purpose_is_none(
    purpose: str | None, mall: Mall, phone: str, last_code: LastCode
) -> None:
    mall.send(phone, purpose=purpose)
    assert mall.register(phone, last_code())["code"] == 200


def test_a_phone_and_a_name_may_be_numbers(mall: Mall, phone: str, last_code: LastCode) -> None:
    assert mall.post(SEND, {"phone": int(phone)})["code"] == 200
    told = mall.register(phone, last_code(), phone=int(phone), uname=10086)
    assert (told["code"], told["username"]) == (200, "10086")


@pytest.mark.parametrize("email", [None, ""])
def test_an_email_address_may_be_missing(
    email: str | None, mall: Mall, phone: str, last_code: LastCode
) -> None:
    mall.send(phone)
    told = mall.register(phone, last_code(), email=email)
    assert told["code"] == 200
    assert get_user_model().objects.get(username=told["username"]).email == ""


@pytest.mark.parametrize(
    ("carts", "count"),
    [([], 0), ([{"sku": 1}, {"sku": 2}], 2), ({"1": 3}, 1), (None, 0), ("3", 0), (7, 0)],
)
def test_the_carts_of_the_page_are_counted(
    carts: Any, count: int, mall: Mall, phone: str, last_code: LastCode
) -> None:
    mall.send(phone, purpose="login")
    assert mall.log_in(phone, last_code(), carts=carts)["carts_count"] == count


def test_the_bare_token_tells_who_it_is(mall: Mall, phone: str, last_code: LastCode) -> None:
    mall.send(phone)
    told = mall.register(phone, last_code())
    answer = mall.client.get("/v1/users/me", headers={"Authorization": told["token"]})
    assert answer.status_code == 200
    assert answer.json()["username"] == told["username"]
    assert answer.json()["phone"] == f"{phone[:3]}****{phone[-4:]}"
