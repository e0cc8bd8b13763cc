"""A stranger who burns guesses does not keep a shopper out."""

import contextlib
from collections.abc import Callable

import pytest
from redis import Redis

from tests.conftest import wrong
from verifications.exceptions import (
    CodeIncorrect,
    RateLimited,
    TooManyAttempts,
    VerificationError,
)
from verifications.services import look_up_code, send_code, verify_code

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
LastCode = Callable[[], str]

SHOPPER, STRANGER = "203.0.113.7", "198.51.100.9"


def _burn(phone: str, code: str, ip: str = STRANGER, times: int = 30) -> int:
    """How many guesses were looked at."""
    evaluated = 0
    for _ in range(times):
        try:
            verify_code(phone, "login", wrong(code), ip=ip)
        except CodeIncorrect:
            evaluated += 1
        except VerificationError:
            pass
    return evaluated


def test_strangers_burn_guesses_of_their_own(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login", ip=SHOPPER)
    assert _burn(phone, last_code()) == 5
    assert verify_code(phone, "login", last_code(), ip=SHOPPER)


def test_all_strangers_share_five_guesses(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login", ip=SHOPPER)
    evaluated = sum(_burn(phone, last_code(), f"192.0.2.{i}", 2) for i in range(50))
    assert evaluated == 5
    with pytest.raises(TooManyAttempts):
        verify_code(phone, "login", last_code(), ip=STRANGER)
    assert verify_code(phone, "login", last_code(), ip=SHOPPER)


def test_a_stranger_at_it_for_hours_keeps_nobody_out(
    phone: str, last_code: LastCode, travel: Travel
) -> None:
    for _ in range(8):
        send_code(phone, "login", ip=SHOPPER)
        _burn(phone, last_code())
        assert verify_code(phone, "login", last_code(), ip=SHOPPER)
        travel(3600)


def test_a_stranger_who_asks_too_keeps_nobody_out(
    phone: str, last_code: LastCode, travel: Travel
) -> None:
    send_code(phone, "login", ip=SHOPPER)
    for i in range(3):
        travel(60)
        send_code(phone, "login", ip=f"192.0.2.{i}")
        _burn(phone, last_code(), f"192.0.2.{i}")
        _burn(phone, last_code())
    assert verify_code(phone, "login", last_code(), ip=SHOPPER)


def _at_home(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login", ip=SHOPPER)
    verify_code(phone, "login", last_code(), ip=SHOPPER)


def test_strangers_cannot_use_up_the_texts_of_a_known_phone(
    phone: str, last_code: LastCode, travel: Travel
) -> None:
    _at_home(phone, last_code)
    travel(86_400)
    sent = 0
    for i in range(60):
        with contextlib.suppress(VerificationError):
            send_code(phone, "login", ip=f"192.0.2.{i}")
            sent += 1
        _burn(phone, last_code(), f"192.0.2.{i}", 5)
        travel(720)  # five an hour, for twelve hours
    assert sent == 7
    send_code(phone, "login", ip=SHOPPER)
    assert verify_code(phone, "login", last_code(), ip=SHOPPER)


def test_at_home_a_strangers_text_will_do(phone: str, last_code: LastCode, travel: Travel) -> None:
    """However many guesses were burnt, and without asking for a text."""
    _at_home(phone, last_code)
    travel(3600)
    send_code(phone, "login", ip=STRANGER)
    _burn(phone, last_code())
    _burn(phone, last_code(), "192.0.2.1")
    assert verify_code(phone, "login", last_code(), ip=SHOPPER)


def test_the_last_three_addresses_are_home(phone: str, last_code: LastCode, travel: Travel) -> None:
    homes = [f"203.0.113.{i}" for i in range(4)]
    for home in homes:
        send_code(phone, "login", ip=home)
        verify_code(phone, "login", last_code(), ip=home)
        travel(7200)
    travel(86_400)
    for _ in range(3):
        send_code(phone, "login", ip=STRANGER)
        travel(61)
    for forgotten in (STRANGER, homes[0]):
        with pytest.raises(RateLimited):
            send_code(phone, "login", ip=forgotten)
    for known in homes[-2:]:
        send_code(phone, "login", ip=known)
        travel(61)


def test_home_is_forgotten(phone: str, last_code: LastCode, travel: Travel, redis: Redis) -> None:
    _at_home(phone, last_code)
    (key,) = redis.scan_iter("sms:{4}+*")
    assert redis.ttl(key) == 14 * 86_400
    travel(3600)
    send_code(phone, "login", ip=STRANGER)
    assert 13 * 86_400 < redis.ttl(key) <= 14 * 86_400  # a send makes it no shorter


def test_a_phone_that_was_never_verified_has_all_its_texts_for_anybody(
    phone: str, travel: Travel
) -> None:
    for i in range(5):
        send_code(phone, "login", ip=f"192.0.2.{i}")
        travel(61)
    with pytest.raises(RateLimited):
        send_code(phone, "login", ip=STRANGER)


def test_whoever_asks_has_five_guesses_a_code_and_ten_an_hour(
    phone: str, last_code: LastCode, travel: Travel
) -> None:
    evaluated = 0
    for _ in range(5):
        with contextlib.suppress(TooManyAttempts):
            send_code(phone, "login", ip=STRANGER)
        evaluated += _burn(phone, last_code())
        travel(61)
    assert evaluated == 10


def test_guesses_from_everywhere_have_a_bound(
    phone: str, last_code: LastCode, travel: Travel
) -> None:
    """Whoever asks from ever new addresses: at most 60 an hour, and 120 before the day's ten texts
    are used up; without a live code there is nothing to guess at."""
    of_hours = []
    for hour in range(3):
        evaluated = 0
        askers = [f"192.0.2.{hour * 5 + ask}" for ask in range(5)]
        for place, asker in enumerate(askers, 1):
            with contextlib.suppress(VerificationError):
                send_code(phone, "login", ip=asker)
            for ip in [*askers[:place], SHOPPER]:
                evaluated += _burn(phone, last_code(), ip, 6)
            travel(61)
        travel(3600 - 5 * 61)
        of_hours.append(evaluated)
    assert max(of_hours) <= 60
    assert sum(of_hours) <= 120
    assert of_hours[2] == 0


def test_a_shopper_burns_their_own_and_then_asks_again(
    phone: str, last_code: LastCode, travel: Travel
) -> None:
    pending = send_code(phone, "login", ip=SHOPPER)
    burnt = last_code()
    assert _burn(phone, burnt, SHOPPER) == 5
    found = look_up_code(pending.id)
    assert found
    assert found[1] == 0
    travel(60)
    send_code(phone, "login", ip=SHOPPER)
    assert last_code() != burnt
    assert verify_code(phone, "login", last_code(), ip=SHOPPER)


def test_without_addresses_all_guesses_are_of_one(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    for _ in range(5):
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(last_code()))
    with pytest.raises(TooManyAttempts):
        verify_code(phone, "login", last_code())
