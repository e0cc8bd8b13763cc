"""Callers in Python whose type checker is off: a clear refusal, at nobody's cost."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Configure
from verifications.exceptions import InvalidPhone, InvalidRequest, RateLimited
from verifications.services import redeem_proof, send_code, verify_code


def _field(refusal: pytest.ExceptionInfo[InvalidRequest]) -> str:
    (error,) = refusal.value.extras["errors"]
    assert error["message"]
    field: str = error["field"]
    return field


@pytest.mark.parametrize("wrong", [123456, None, b"123456", ["1"]])
def test_a_code_that_is_no_text_costs_no_guess(
    wrong: Any, phone: str, last_code: Callable[[], str]
) -> None:
    send_code(phone, "login")
    for _ in range(6):
        with pytest.raises(InvalidRequest) as refusal:
            verify_code(phone, "login", wrong)
        assert _field(refusal) == "code"
    assert verify_code(phone, "login", last_code())


@pytest.mark.parametrize("wrong", [7, b"203.0.113.7"])
def test_an_address_that_is_no_text(wrong: Any, phone: str, last_code: Callable[[], str]) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        send_code(phone, "login", ip=wrong)
    assert _field(refusal) == "ip"
    send_code(phone, "login")  # that one left no cooldown
    with pytest.raises(InvalidRequest) as refusal:
        verify_code(phone, "login", last_code(), ip=wrong)
    assert _field(refusal) == "ip"


def test_all_without_an_address_share_the_limits_of_one(
    new_phone: Callable[[], str], configure: Configure
) -> None:
    """So a proxy that hides them neither breaks a view nor opens it."""
    configure(IP_LIMITS=[[3, 3600]])
    for ip in ("x", "unix:", ""):
        send_code(new_phone(), "login", ip=ip)
    with pytest.raises(RateLimited) as refusal:
        send_code(new_phone(), "login", ip="localhost")
    assert refusal.value.extras["limit"] == "ip"
    send_code(new_phone(), "login", ip="203.0.113.7")
    send_code(new_phone(), "login")  # of whom nothing is said


def test_an_address_may_have_its_port(new_phone: Callable[[], str], configure: Configure) -> None:
    configure(IP_LIMITS=[[2, 3600]])
    for ip in ("203.0.113.7", "203.0.113.7:4711"):
        send_code(new_phone(), "login", ip=ip)
    with pytest.raises(RateLimited):
        send_code(new_phone(), "login", ip=" 203.0.113.7 ")


@pytest.mark.parametrize("wrong", [13800138000, None])
def test_a_phone_that_is_no_text(wrong: Any) -> None:
    with pytest.raises(InvalidPhone):
        send_code(wrong, "login")


def test_a_proof_that_is_no_text(phone: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        redeem_proof(phone, "change_phone", 7)  # type: ignore[arg-type]  # what this is about
    assert _field(refusal) == "proof"
