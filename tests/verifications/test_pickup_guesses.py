"""提货码: so many guesses an hour, however they race, and one success."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction

from tests.conftest import Configure, wrong
from tests.verifications.platforms import Fake
from tests.verifications.racing import race
from verifications.exceptions import (
    CodeIncorrect,
    TooManyAttempts,
    VerificationError,
)
from verifications.services import (
    cancel_pickup_code,
    issue_pickup_code,
    redeem_pickup_code,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]

Travel = Callable[[float], None]
Issue = Callable[..., str]


def _outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except VerificationError as refusal:
        return refusal.code
    return "ok"


def test_guesses_are_limited(issue: Issue, travel: Travel) -> None:
    code = issue()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeIncorrect) as refusal:
            redeem_pickup_code(wrong(code), order="D1001")
        assert refusal.value.extras == {"attempts_left": left}
    with pytest.raises(TooManyAttempts) as dead:
        redeem_pickup_code(code, order="D1001")
    assert 3590 < (dead.value.retry_after or 0) <= 3600
    travel(dead.value.retry_after or 0)
    assert redeem_pickup_code(code, order="D1001")


def test_guesses_of_an_old_code_are_not_held_against_a_new_one(issue: Issue) -> None:
    guess = wrong(issue())
    for _ in range(5):
        with pytest.raises(CodeIncorrect):
            redeem_pickup_code(guess, order="D1001")
    cancel_pickup_code("D1001")
    assert redeem_pickup_code(issue(), order="D1001")


def test_guesses_by_phone_count_for_each_of_its_orders(issue: Issue, phone: str) -> None:
    codes = [issue("D1"), issue("D2")]
    guess = next(one for n in range(10) if (one := f"{n}00000") not in codes)
    for _ in range(5):
        with pytest.raises(CodeIncorrect):
            redeem_pickup_code(guess, phone=phone)
    for code, order in zip(codes, ("D1", "D2"), strict=True):
        with pytest.raises(TooManyAttempts):
            redeem_pickup_code(code, order=order)


def test_a_new_window_starts_with_its_first_wrong_guess(issue: Issue, travel: Travel) -> None:
    code = issue()
    for _ in range(3):
        with pytest.raises(CodeIncorrect):
            redeem_pickup_code(wrong(code), order="D1001")
        travel(1500)
    with pytest.raises(CodeIncorrect) as refusal:  # the first is more than an hour ago
        redeem_pickup_code(wrong(code), order="D1001")
    assert refusal.value.extras == {"attempts_left": 4}


def test_a_right_code_forgives_the_wrong_ones_of_the_phones_other_orders(
    issue: Issue, phone: str
) -> None:
    codes = [issue("D1"), issue("D2")]
    for _ in range(4):
        with pytest.raises(CodeIncorrect):
            redeem_pickup_code("nothing", phone=phone)
    redeem_pickup_code(codes[0], phone=phone)
    with pytest.raises(CodeIncorrect) as refusal:
        redeem_pickup_code("nothing", phone=phone)
    assert refusal.value.extras == {"attempts_left": 4}


def test_a_guess_is_not_made_in_a_transaction_that_could_give_it_back(issue: Issue) -> None:
    code = issue()
    with transaction.atomic(), pytest.raises(RuntimeError):
        redeem_pickup_code(code, order="D1001")


def test_fifty_right_guesses_give_one_success(issue: Issue, configure: Configure) -> None:
    configure(PICKUP_FAILURE_LIMIT=[100, 3600])
    code = issue()
    outcomes = race(50, lambda _: _outcome(lambda: redeem_pickup_code(code, order="D1001")))
    assert Counter(outcomes) == {"ok": 1, "code_expired": 49}


def test_right_guesses_by_order_and_by_phone_give_one_success(issue: Issue, phone: str) -> None:
    code = issue()
    of = ({"order": "D1001"}, {"phone": phone})
    outcomes = race(4, lambda n: _outcome(lambda: redeem_pickup_code(code, **of[n % 2])))
    assert Counter(outcomes) == {"ok": 1, "code_expired": 3}


def test_fifty_wrong_guesses_are_looked_at_five_times(issue: Issue) -> None:
    guess = wrong(issue())
    outcomes = race(50, lambda _: _outcome(lambda: redeem_pickup_code(guess, order="D1001")))
    assert Counter(outcomes) == {"code_incorrect": 5, "too_many_attempts": 45}


def test_racing_requests_for_one_order_text_one_code(phone: str, first: Fake) -> None:
    outcomes = race(8, lambda _: _outcome(lambda: issue_pickup_code(phone, "D1001")))
    assert Counter(outcomes) == {"ok": 1, "cooldown": 7}
    assert len(first.texts) == 1
