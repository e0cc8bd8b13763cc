from collections.abc import Callable

import pytest

from tests.conftest import Configure, wrong
from verifications.exceptions import CodeExpired, CodeIncorrect, TooManyAttempts
from verifications.services import send_code, verify_code

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
LastCode = Callable[[], str]


def test_a_right_code_passes_once(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    assert verify_code(phone, "login", last_code()) == "+86" + phone
    with pytest.raises(CodeExpired):
        verify_code(phone, "login", last_code())


def test_blanks_around_a_code_are_no_mistake(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    assert verify_code(phone, "login", f" {last_code()} ")


def test_a_code_never_sent_is_expired(phone: str) -> None:
    with pytest.raises(CodeExpired):
        verify_code(phone, "login", "123456")


def test_a_code_is_of_one_purpose(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    with pytest.raises(CodeExpired):
        verify_code(phone, "register", last_code())
    assert verify_code(phone, "login", last_code())


def test_a_code_is_of_one_phone(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    with pytest.raises(CodeExpired):
        verify_code("13900139000", "login", last_code())


def test_a_code_lives_to_its_last_moment_and_no_longer(
    phone: str, travel: Travel, last_code: LastCode
) -> None:
    send_code(phone, "login")
    travel(299.5)
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()))
    travel(0.5)
    with pytest.raises(CodeExpired):
        verify_code(phone, "login", last_code())


def test_five_guesses_and_the_code_is_dead(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeIncorrect) as refusal:
            verify_code(phone, "login", wrong(last_code()))
        assert refusal.value.extras == {"attempts_left": left}
        assert ("重新获取" in refusal.value.message) is (left == 0)
    with pytest.raises(TooManyAttempts) as dead:
        verify_code(phone, "login", last_code())
    assert dead.value.retry_after
    assert 50 <= dead.value.retry_after <= 60  # then a new code can be had


@pytest.mark.parametrize(
    "write", [lambda c: f" {c[:3]} {c[3:]} ", lambda c: "".join(chr(ord(d) + 0xFEE0) for d in c)]
)
def test_spaces_and_wide_digits_are_read(
    write: Callable[[str], str], phone: str, last_code: LastCode
) -> None:
    send_code(phone, "login")
    assert verify_code(phone, "login", write(last_code())) == f"+86{phone}"


def test_after_a_burnt_code_comes_a_new_one(
    phone: str, travel: Travel, last_code: LastCode
) -> None:
    send_code(phone, "login")
    burnt = last_code()
    for _ in range(5):
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(burnt))
    travel(60)
    send_code(phone, "login")
    assert last_code() != burnt
    assert verify_code(phone, "login", last_code()) == f"+86{phone}"


@pytest.mark.parametrize("guess", ["", "1", "abcdef", "12３４", "1" * 1000, "é\0"])
def test_whatever_is_typed_is_a_guess(phone: str, guess: str) -> None:
    send_code(phone, "login")
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", guess)


def test_guesses_survive_a_resend(phone: str, travel: Travel, last_code: LastCode) -> None:
    send_code(phone, "login")
    for _ in range(3):
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(last_code()))
    travel(60)
    send_code(phone, "login")
    with pytest.raises(CodeIncorrect) as refusal:
        verify_code(phone, "login", wrong(last_code()))
    assert refusal.value.extras == {"attempts_left": 1}


def test_a_new_code_does_not_renew_the_budget_of_failures(
    phone: str, travel: Travel, last_code: LastCode
) -> None:
    for _ in range(2):
        send_code(phone, "login")
        for _ in range(5):
            with pytest.raises(CodeIncorrect):
                verify_code(phone, "login", wrong(last_code()))
        travel(300)
    with pytest.raises(TooManyAttempts):
        send_code(phone, "login")


def test_the_budget_kills_a_live_code_too(
    phone: str, travel: Travel, last_code: LastCode, configure: Configure
) -> None:
    configure(FAILURE_LIMIT=[3, 3600])
    send_code(phone, "login")
    for left in (2, 1, 0):
        with pytest.raises(CodeIncorrect) as refusal:
            verify_code(phone, "login", wrong(last_code()))
        assert refusal.value.extras == {"attempts_left": left}
    with pytest.raises(TooManyAttempts) as dead:
        verify_code(phone, "login", last_code())
    assert dead.value.retry_after
    assert dead.value.retry_after > 3500


def test_the_budget_comes_back_within_the_hour(
    phone: str, travel: Travel, last_code: LastCode, configure: Configure
) -> None:
    configure(FAILURE_LIMIT=[1, 3600])
    send_code(phone, "login")
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()))
    travel(3600)
    send_code(phone, "login")
    assert verify_code(phone, "login", last_code())


def test_failures_of_one_purpose_do_not_count_for_another(
    phone: str, travel: Travel, last_code: LastCode, configure: Configure
) -> None:
    configure(FAILURE_LIMIT=[1, 3600])
    send_code(phone, "login")
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()))
    travel(60)
    send_code(phone, "register")
    assert verify_code(phone, "register", last_code())
