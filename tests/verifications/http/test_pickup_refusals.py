"""Each way in which POST /v1/pickup-codes, /redeem and /cancel refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import wrong
from tests.verifications.http.conftest import Service
from verifications.models import PickupCode
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit

LastCode = Callable[[], str]
Travel = Callable[[float], None]


def _issue(service: Service, phone: str, order: str = "D1001") -> Any:
    return service("/v1/pickup-codes", {"phone": phone, "order": order})


def _redeem(service: Service, code: str, **of: str) -> Any:
    return service("/v1/pickup-codes/redeem", {"code": code, **of})


def _assert_refused(answer: Any, status: int, code: str, field: str | None = None) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert "验证码" not in problem["detail"]  # it is a 提货码
    assert [error["field"] for error in problem.get("errors", [])] == ([field] if field else [])


@pytest.mark.parametrize(
    ("phone", "code"), [("123", "invalid_phone"), ("+14155552671", "country_not_allowed")]
)
def test_a_phone_that_cannot_be_texted(phone: str, code: str, service: Service) -> None:
    _assert_refused(_issue(service, phone), 400, code)
    _assert_refused(_redeem(service, "123456", phone=phone), 400, code)
    assert not PickupCode.objects.exists()


@pytest.mark.parametrize("order", ["", "x" * 65, "a\nb", "a\u202eb"])
def test_an_order_without_a_sound_number(order: str, service: Service, phone: str) -> None:
    _assert_refused(_issue(service, phone, order), 400, "invalid_request", "order")
    assert not locmem.outbox


def test_asked_again_at_once(service: Service, phone: str) -> None:
    _issue(service, phone)
    answer = _issue(service, phone)
    _assert_refused(answer, 429, "cooldown")
    assert 0 < int(answer["Retry-After"]) == answer.json()["retry_after"] <= 60
    assert len(locmem.outbox) == 1


def test_an_order_of_another_phone(
    service: Service, new_phone: Callable[[], str], travel: Travel
) -> None:
    _issue(service, new_phone())
    travel(60)
    _assert_refused(_issue(service, new_phone()), 400, "invalid_request", "order")
    assert len(locmem.outbox) == 1


def test_an_order_that_was_picked_up(
    service: Service, phone: str, last_code: LastCode, travel: Travel
) -> None:
    _issue(service, phone)
    _redeem(service, last_code(), order="D1001")
    travel(60)
    _assert_refused(_issue(service, phone), 400, "invalid_request", "order")


def test_a_wrong_code_costs_a_guess_and_five_are_enough(
    service: Service, phone: str, last_code: LastCode
) -> None:
    _issue(service, phone)
    for left in (4, 3, 2, 1, 0):
        answer = _redeem(service, wrong(last_code()), order="D1001")
        _assert_refused(answer, 400, "code_incorrect")
        assert answer.json()["attempts_left"] == left
        said = f"还可以尝试 {left} 次" if left else "多次输入错误"
        assert answer.json()["detail"].startswith("提货码")
        assert said in answer.json()["detail"]
    answer = _redeem(service, last_code(), order="D1001")
    _assert_refused(answer, 429, "too_many_attempts")
    assert 3590 < int(answer["Retry-After"]) == answer.json()["retry_after"] <= 3601


@pytest.mark.parametrize("of", [{}, {"order": "D1001", "phone": "13800138000"}])
def test_neither_order_nor_phone_or_both(of: dict[str, str], service: Service) -> None:
    _assert_refused(_redeem(service, "123456", **of), 400, "invalid_request", "order")


def test_no_code_is_live(service: Service, phone: str, last_code: LastCode, travel: Travel) -> None:
    _assert_refused(_redeem(service, "123456", order="D1001"), 400, "code_expired")
    _assert_refused(_redeem(service, "123456", phone=phone), 400, "code_expired")
    _issue(service, phone)
    travel(7 * 86_400)
    _assert_refused(_redeem(service, last_code(), order="D1001"), 400, "code_expired")


def test_nothing_is_there_to_cancel(service: Service, phone: str) -> None:
    cancel = "/v1/pickup-codes/cancel"
    _assert_refused(service(cancel, {"order": "D1001"}), 400, "code_expired")
    _issue(service, phone)
    assert service(cancel, {"order": "D1001"}).status_code == 200
    _assert_refused(service(cancel, {"order": "D1001"}), 400, "code_expired")


@pytest.mark.parametrize("action", ["", "/redeem", "/cancel"])
def test_a_member_of_another_name_or_type(action: str, service: Service) -> None:
    path = f"/v1/pickup-codes{action}"
    for body in ({"order": 1}, {"orders": "D1001"}, {}):
        answer = service(path, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
