"""Each row of the error table, reached over HTTP, in the shape of RFC 9457."""

from collections.abc import Callable
from typing import Any, NoReturn

from django.db import OperationalError, connection

from tests.conftest import Api, Configure, wrong
from verifications import accounts
from verifications.exceptions import VerificationError
from verifications.providers import Provider, Rejected, Text

Travel = Callable[[float], None]
LastCode = Callable[[], str]

REACHED: dict[str, tuple[int, set[str]]] = {
    "invalid_request": (400, {"errors"}),
    "invalid_phone": (400, set()),
    "country_not_allowed": (400, set()),
    "unknown_purpose": (400, set()),
    "code_incorrect": (400, {"attempts_left"}),
    "code_expired": (400, set()),
    "too_many_attempts": (429, {"retry_after"}),
    "cooldown": (429, {"retry_after"}),
    "rate_limited": (429, {"retry_after", "limit"}),
    "captcha_required": (403, set()),
    "captcha_invalid": (403, set()),
    "phone_blocked": (403, set()),
    "already_registered": (409, set()),
    "not_registered": (404, set()),
    "delivery_failed": (502, set()),
    "unavailable": (503, {"retry_after"}),
}


class Refusing(Provider):
    """A platform that takes no number."""

    name = "refusing"

    def send(self, text: Text) -> NoReturn:
        raise Rejected("160042")


def _check(answer: Any, code: str) -> None:
    status, extras = REACHED[code]
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert problem["code"] == code
    assert problem.keys() == {"type", "title", "status", "detail", "code"} | extras
    assert problem["type"] == f"/v1/docs/problems#{code}"
    assert all(isinstance(problem[name], str) for name in ("title", "detail"))
    if status in (429, 503):
        assert int(answer["Retry-After"]) == problem["retry_after"] > 0
    else:
        assert "Retry-After" not in answer


def test_every_row_is_reached_here() -> None:
    rows = {refusal.code for refusal in VerificationError.__subclasses__()}
    assert rows == REACHED.keys()


def test_invalid_request(api: Api) -> None:
    _check(api.post("/v1/verifications/codes", {}), "invalid_request")


def test_invalid_phone(api: Api) -> None:
    _check(api.send("123"), "invalid_phone")
    _check(api.verify("123", "123456"), "invalid_phone")


def test_country_not_allowed(api: Api) -> None:
    _check(api.send("+14155552671"), "country_not_allowed")
    _check(api.verify("+14155552671", "123456"), "country_not_allowed")


def test_unknown_purpose(api: Api, phone: str) -> None:
    _check(api.send(phone, "nonsense"), "unknown_purpose")
    _check(api.verify(phone, "123456", "nonsense"), "unknown_purpose")


def test_code_incorrect(api: Api, phone: str, last_code: LastCode) -> None:
    api.send(phone)
    _check(api.verify(phone, wrong(last_code())), "code_incorrect")


def test_code_expired(api: Api, phone: str) -> None:
    _check(api.verify(phone, "123456"), "code_expired")


def test_too_many_attempts(api: Api, phone: str, last_code: LastCode) -> None:
    api.send(phone)
    for _ in range(5):
        api.verify(phone, wrong(last_code()))
    _check(api.verify(phone, last_code()), "too_many_attempts")


def test_cooldown(api: Api, phone: str) -> None:
    api.send(phone)
    _check(api.send(phone), "cooldown")


def test_rate_limited(api: Api, phone: str, travel: Travel) -> None:
    for _ in range(5):
        api.send(phone)
        travel(60)
    _check(api.send(phone), "rate_limited")


def test_captcha_required(api: Api, phone: str, configure: Configure) -> None:
    configure(CAPTCHA="always")
    _check(api.send(phone), "captcha_required")


def test_captcha_invalid(api: Api, phone: str, configure: Configure) -> None:
    configure(CAPTCHA="always")
    body = {"phone": phone, "purpose": "login", "captcha": "x"}
    _check(api.post("/v1/verifications/codes", body), "captcha_invalid")


def test_phone_blocked(api: Api, phone: str, last_code: LastCode) -> None:
    user = accounts.register("+86" + phone)
    user.is_active = False
    user.save()
    api.send(phone)
    _check(api.verify(phone, last_code()), "phone_blocked")


def test_already_registered(api: Api, phone: str, last_code: LastCode) -> None:
    accounts.register("+86" + phone)
    api.send(phone, "register")
    _check(api.verify(phone, last_code(), "register"), "already_registered")


def test_not_registered(api: Api, phone: str, last_code: LastCode, configure: Configure) -> None:
    configure(CREATE_ON_LOGIN=False)
    api.send(phone)
    _check(api.verify(phone, last_code()), "not_registered")


def test_delivery_failed(api: Api, phone: str, configure: Configure) -> None:
    configure(
        PROVIDERS={"refusing": {"BACKEND": f"{__name__}.Refusing"}},
        PROVIDER_ORDER=["refusing"],
        TEMPLATES={"default": {"IDS": {"refusing": "1"}}},
    )
    _check(api.send(phone), "delivery_failed")


def test_unavailable_for_the_database(api: Api, phone: str, last_code: LastCode) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    api.send(phone)
    with connection.execute_wrapper(refuse):
        _check(api.verify(phone, last_code()), "unavailable")
