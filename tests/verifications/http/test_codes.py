"""POST /v1/verifications/codes, POST /v1/verifications/verify."""

from collections.abc import Callable

import jwt
import pytest

from tests.conftest import Api, Configure
from verifications.services import redeem_proof

pytestmark = pytest.mark.redis

LastCode = Callable[[], str]
Travel = Callable[[float], None]


def test_a_code_is_asked_for(api: Api, phone: str) -> None:
    answer = api.send(phone)
    assert answer.status_code == 202
    body = answer.json()
    assert body.keys() == {"id", "phone", "purpose", "status", "expires_in", "resend_after"}
    assert body["phone"] == f"{phone[:3]}****{phone[-4:]}"
    assert (body["purpose"], body["status"]) == ("login", "sent")
    assert (body["expires_in"], body["resend_after"]) == (300, 60)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("purpose", ["login", "register"])
def test_logging_in_and_registering(
    purpose: str, api: Api, phone: str, last_code: LastCode
) -> None:
    api.send(phone, purpose)
    answer = api.verify(phone, last_code(), purpose)
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"verified", "purpose", "token", "created", "user"}
    assert (body["verified"], body["purpose"], body["created"]) == (True, purpose, True)
    assert body["user"].keys() == {"id", "username", "phone"}
    assert body["user"]["phone"] == f"{phone[:3]}****{phone[-4:]}"
    assert jwt.decode(body["token"], options={"verify_signature": False})["sub"] == str(
        body["user"]["id"]
    )


def test_the_second_login_finds_the_account(
    api: Api, phone: str, last_code: LastCode, travel: Travel
) -> None:
    api.send(phone)
    first = api.verify(phone, last_code()).json()
    travel(60)
    api.send(phone)
    second = api.verify(phone, last_code()).json()
    assert second["created"] is False
    assert second["user"] == first["user"]


@pytest.mark.parametrize("purpose", ["reset_password", "change_phone", "pickup"])
def test_the_other_purposes_give_a_proof(
    purpose: str, api: Api, phone: str, last_code: LastCode
) -> None:
    api.send(phone, purpose)
    body = api.verify(phone, last_code(), purpose).json()
    assert body.keys() == {"verified", "purpose", "proof", "expires_in"}
    assert redeem_proof(phone, purpose, body["proof"]) == "+86" + phone


@pytest.mark.parametrize("purpose", ["login", "register"])
def test_before_the_right_code_nothing_tells_whether_there_is_an_account(
    purpose: str, api: Api, new_phone: Callable[[], str]
) -> None:
    from verifications import accounts

    known, unknown = new_phone(), new_phone()
    accounts.register("+86" + known)
    answers = []
    for phone in (known, unknown):
        sent = api.send(phone, purpose)
        told = api.verify(phone, "x", purpose)
        body = {**sent.json(), "id": "", "phone": ""}
        answers.append((sent.status_code, body, told.status_code, told.json(), dict(told.headers)))
    assert answers[0] == answers[1]


def test_the_address_behind_our_proxies_is_what_counts(
    api: Api, new_phone: Callable[[], str], configure: Configure
) -> None:
    configure(TRUSTED_PROXIES=1, IP_LIMITS=[[1, 3600]])
    body = {"purpose": "login"}
    path = "/v1/verifications/codes"

    def send(forwarded: str) -> int:
        answer = api.post(path, {**body, "phone": new_phone()}, **{"X-Forwarded-For": forwarded})
        status: int = answer.status_code
        return status

    assert send("203.0.113.7") == 202
    assert send("198.51.100.1, 203.0.113.7") == 429  # what the client claims is not believed
    assert send("203.0.113.8") == 202


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("get", "/v1/verifications/codes", "POST"),
        ("put", "/v1/verifications/verify", "POST"),
        ("post", "/v1/users/me", "GET, HEAD"),
        ("delete", "/healthz", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_is_right(
    method: str, path: str, allowed: str, api: Api
) -> None:
    answer = getattr(api.client, method)(path)
    assert answer.status_code == 405
    assert answer["Allow"] == allowed
    assert answer.json()["code"] == "method_not_allowed"
