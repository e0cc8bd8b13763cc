"""Texts that nobody verifies, sent by the handful; an address has a bound of three."""

from collections.abc import Callable

import pytest

from tests.conftest import Configure
from verifications.exceptions import (
    VerificationError,
)
from verifications.providers import locmem
from verifications.services import send_code, verify_code

NewPhone = Callable[[], str]
Travel = Callable[[float], None]
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def apart() -> NewPhone:
    """Phones of which each has a segment to itself."""
    numbers = iter(range(13_100_000_000, 13_200_000_000, 10_000))
    return lambda: str(next(numbers))


@pytest.fixture(autouse=True)
def _guarded(configure: Configure) -> None:
    configure(GUARD="enforce", GUARD_BOUNDS={"ip": [3, 1.0]}, CAPTCHA="never")


def send(new_phone: NewPhone, times: int, ip: str = HERE) -> None:
    """Codes that nobody types in."""
    for _ in range(times):
        send_code(new_phone(), "login", ip=ip)


def convert(new_phone: NewPhone, times: int, ip: str = HERE) -> None:
    """Codes that are typed in at once."""
    for _ in range(times):
        phone = new_phone()
        send_code(phone, "login", ip=ip)
        verify_code(phone, "login", locmem.outbox[-1].params["code"], ip=ip)


def refusal_of(new_phone: NewPhone, ip: str = HERE) -> VerificationError:
    with pytest.raises(VerificationError) as refusal:
        send_code(new_phone(), "login", ip=ip)
    return refusal.value
