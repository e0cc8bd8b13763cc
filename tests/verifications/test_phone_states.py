"""A phone's state in Redis, where two things happen to it at once or one after another."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from tests.conftest import Configure, wrong
from verifications import codes, ledger, records, store
from verifications.exceptions import CodeIncorrect, RateLimited, TooManyAttempts
from verifications.services import look_up_code, send_code, verify_code

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
LastCode = Callable[[], str]

HOME, OFFICE, STRANGER = "203.0.113.7", "203.0.113.8", "198.51.100.9"


def _expires_in(id_: str) -> int:
    told = look_up_code(id_)
    assert told
    return told[1]


def _reserve(phone: str) -> records.Reservation:
    offer = codes.new_challenge(phone, "login", 6)
    asked = ledger.of_send(phone, None, spare=False)
    reservation, _ = store.issue(asked, "login", marks=codes.marks(), offer=offer)
    assert isinstance(reservation, records.Reservation)
    return reservation


def test_an_address_is_known_once_however_often_it_verifies(
    phone: str, last_code: LastCode, travel: Travel, configure: Configure
) -> None:
    configure(STRANGER_LIMITS=[[1, 86_400]], PHONE_LIMITS=[[10, 86_400]])
    for ip in (HOME, OFFICE, OFFICE, OFFICE):
        send_code(phone, "login", ip=ip)
        verify_code(phone, "login", last_code(), ip=ip)
        travel(60)
        configure(STRANGER_LIMITS=[[10, 86_400]])
    configure(STRANGER_LIMITS=[[1, 86_400]])
    send_code(phone, "login", ip=HOME)
    travel(60)
    with pytest.raises(RateLimited):
        send_code(phone, "login", ip=STRANGER)


def test_a_code_that_went_out_since_is_not_taken_back(phone: str, travel: Travel) -> None:
    phone = f"+86{phone}"
    first = _reserve(phone)
    travel(60)
    second = _reserve(phone)
    store.cancel(first, suspect=False)
    code = codes.code_of(second.challenge.text, 6)
    assert code
    store.check(ledger.of_check(phone, None), "login", codes.digests(phone, "login", code))


def test_what_is_taken_back_does_not_make_the_rest_live_longer(
    phone: str, travel: Travel, redis: Any
) -> None:
    phone = f"+86{phone}"
    _reserve(phone)
    travel(60)
    store.cancel(_reserve(phone), suspect=False)
    (key,) = ledger.of_phone(phone).names
    assert 86_300_000 < redis.pttl(key) <= 86_400_000


def test_a_code_that_was_guessed_at_too_often_has_no_life_left(
    phone: str, last_code: LastCode
) -> None:
    id_ = send_code(phone, "login", ip=HOME).id
    for _ in range(5):
        assert _expires_in(id_) > 0
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(last_code()), ip=HOME)
    assert _expires_in(id_) == 0
    with pytest.raises(TooManyAttempts):
        verify_code(phone, "login", last_code(), ip=HOME)


def test_a_code_that_was_used_has_no_life_left_while_a_newer_one_has(
    phone: str, last_code: LastCode, travel: Travel
) -> None:
    used = send_code(phone, "login").id
    verify_code(phone, "login", last_code())
    travel(60)
    newer = send_code(phone, "login").id
    assert (_expires_in(used), _expires_in(newer)) == (0, 300)


def test_a_state_under_an_older_key_does_not_take_the_place_of_a_newer(
    phone: str, last_code: LastCode, settings: LazySettings
) -> None:
    """Both are there where some hosts had the new key before they were given the old as well."""
    send_code(phone, "login")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "new"
    send_code(phone, "login")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert verify_code(phone, "login", last_code())


def test_of_two_limits_that_bind_the_wait_is_that_of_the_longer(
    phone: str, travel: Travel, configure: Configure
) -> None:
    configure(PHONE_LIMITS=[[2, 7200], [2, 3600]])
    for _ in range(2):
        send_code(phone, "login")
        travel(60)
    with pytest.raises(RateLimited) as refusal:
        send_code(phone, "login")
    assert refusal.value.retry_after == 7200 - 120
