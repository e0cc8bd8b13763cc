"""What is verified lets as much through: the code counts once, for the address that asked."""

from typing import Any

import pytest

from tests.conftest import Configure
from tests.verifications import kept
from tests.verifications.guard.conftest import (
    ELSEWHERE,
    HERE,
    NewPhone,
    Travel,
    convert,
    refusal_of,
    send,
)
from verifications.exceptions import (
    RateLimited,
    VerificationError,
)
from verifications.providers import locmem
from verifications.services import send_code, verify_code

pytestmark = pytest.mark.redis


def test_the_verified_ones_allow_for_as_many_that_are_not(apart: NewPhone) -> None:
    convert(apart, 10)
    send(apart, 20)
    assert isinstance(refusal_of(apart), RateLimited)


def test_a_share_of_the_verified_ones_is_what_counts(apart: NewPhone, configure: Configure) -> None:
    configure(GUARD_BOUNDS={"ip": [1, 0.5]})
    convert(apart, 8)
    send(apart, 8)
    assert isinstance(refusal_of(apart), RateLimited)


def test_a_code_counts_for_the_address_that_asked(apart: NewPhone) -> None:
    """A shopper may ask at home and type the code in on the train."""
    for _ in range(4):
        phone = apart()
        send_code(phone, "login", ip=HERE)
        verify_code(phone, "login", locmem.outbox[-1].params["code"], ip=ELSEWHERE)
    send(apart, 8)
    assert isinstance(refusal_of(apart), RateLimited)
    send(apart, 6, ELSEWHERE)
    assert isinstance(refusal_of(apart, ELSEWHERE), RateLimited)


def test_a_code_counts_once(apart: NewPhone) -> None:
    phone = apart()
    send_code(phone, "login", ip=HERE)
    code = locmem.outbox[-1].params["code"]
    verify_code(phone, "login", code, ip=HERE)
    for _ in range(5):
        with pytest.raises(VerificationError):
            verify_code(phone, "login", code, ip=HERE)
    send(apart, 6)
    assert isinstance(refusal_of(apart), RateLimited)


def test_a_code_counts_whether_or_not_a_slot_has_ended_since(
    apart: NewPhone, travel: Travel, redis: Any
) -> None:
    for seconds in (0, 290):
        phone = apart()
        send_code(phone, "login", ip=HERE)
        travel(seconds)
        verify_code(phone, "login", locmem.outbox[-1].params["code"], ip=HERE)
    (key,) = redis.scan_iter("sms:{4}ip:*")
    asked, verified, *_ = kept.rings(redis.get(key))
    assert (asked[1], verified[1]) == (2, 2)


def test_a_campus_that_verifies_is_never_asked(apart: NewPhone, configure: Configure) -> None:
    """The floor is passed by far, at the rate of verifying that honest shoppers have."""
    configure(CAPTCHA="adaptive", GUARD_BOUNDS={"ip": [30, 1.0]})
    for _ in range(25):
        convert(apart, 6)
        send(apart, 2)
    assert len(locmem.outbox) == 200
