"""Many at once: no limit is passed, no code verifies twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.conftest import wrong
from verifications.exceptions import VerificationError
from verifications.providers import locmem
from verifications.services import send_code, verify_code

pytestmark = pytest.mark.redis


def _race(threads: int, act: Callable[[], object]) -> Counter[str]:
    """How often each outcome came, of `threads` that start together."""
    barrier = Barrier(threads)

    def run(_: int) -> str:
        barrier.wait()
        try:
            act()
        except VerificationError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(run, range(threads)))


def test_fifty_right_guesses_give_one_success(phone: str, last_code: Callable[[], str]) -> None:
    send_code(phone, "login")
    code = last_code()
    outcomes = _race(50, lambda: verify_code(phone, "login", code))
    assert outcomes == {"ok": 1, "code_expired": 49}


def test_two_hundred_wrong_guesses_are_evaluated_five_times(
    phone: str, last_code: Callable[[], str]
) -> None:
    send_code(phone, "login")
    guess = wrong(last_code())
    outcomes = _race(200, lambda: verify_code(phone, "login", guess))
    assert outcomes == {"code_incorrect": 5, "too_many_attempts": 195}


@pytest.mark.django_db(transaction=True)
def test_fifty_sends_to_one_phone_send_one_text(phone: str) -> None:
    outcomes = _race(50, lambda: send_code(phone, "login", ip="203.0.113.7"))
    assert outcomes == {"ok": 1, "cooldown": 49}
    assert len(locmem.outbox) == 1
