from collections.abc import Callable

import pytest

from tests.conftest import Configure, wrong
from verifications.exceptions import (
    CodeIncorrect,
    Cooldown,
    CountryNotAllowed,
    InvalidPhone,
    TooManyAttempts,
    UnknownPurpose,
)
from verifications.providers import locmem
from verifications.services import send_code, verify_code

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
LastCode = Callable[[], str]


def test_a_code_is_texted(phone: str, last_code: LastCode) -> None:
    pending = send_code(phone, "login")
    assert pending.phone == "+86" + phone
    assert (pending.purpose, pending.status) == ("login", "sent")
    assert (pending.expires_in, pending.resend_after) == (300, 60)
    assert len(last_code()) == 6
    assert locmem.outbox[-1].phones == [pending.phone]


def test_bad_input_sends_nothing(phone: str) -> None:
    with pytest.raises(InvalidPhone):
        send_code("12345", "login")
    with pytest.raises(CountryNotAllowed):
        send_code("+14155552671", "login")
    with pytest.raises(UnknownPurpose):
        send_code(phone, "win_a_prize")
    assert not locmem.outbox


def test_a_second_send_waits_out_the_interval(phone: str, travel: Travel) -> None:
    send_code(phone, "login")
    travel(59)
    with pytest.raises(Cooldown) as refusal:
        send_code(phone, "login")
    assert refusal.value.retry_after == 1
    travel(1)
    send_code(phone, "login")


def test_the_interval_is_the_phones_whatever_the_purpose(phone: str) -> None:
    send_code(phone, "login")
    with pytest.raises(Cooldown):
        send_code(phone, "register")


def test_a_resend_carries_the_same_code_and_renews_its_life(
    phone: str, travel: Travel, last_code: LastCode
) -> None:
    first = send_code(phone, "login")
    code = last_code()
    travel(200)
    again = send_code(phone, "login")
    assert last_code() == code
    assert again.id != first.id  # two texts, and each has a fate of its own
    assert again.expires_in == 300
    travel(299)
    assert verify_code(phone, "login", code)


def test_a_life_never_passes_ten_minutes_from_the_first_text(
    phone: str, travel: Travel, last_code: LastCode
) -> None:
    send_code(phone, "login")
    code = last_code()
    travel(250)
    send_code(phone, "login")
    travel(200)
    late = send_code(phone, "login")
    assert last_code() == code
    assert 149 <= late.expires_in <= 150
    assert locmem.outbox[-1].params["minutes"] == "2"  # the text never promises more than there is


def test_a_code_with_no_whole_minute_left_gives_way_to_a_new_one(
    phone: str, travel: Travel, last_code: LastCode
) -> None:
    send_code(phone, "login")
    code = last_code()
    travel(290)
    send_code(phone, "login")
    travel(260)  # 550 s: the old code could live 50 s more
    again = send_code(phone, "login")
    assert last_code() != code
    assert again.expires_in == 300


def test_a_timed_out_code_gives_way_to_a_new_one(
    phone: str, travel: Travel, last_code: LastCode
) -> None:
    send_code(phone, "login")
    code = last_code()
    travel(300)
    send_code(phone, "login")
    assert last_code() != code


def test_a_refused_send_leaves_the_live_code_alone(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    with pytest.raises(Cooldown):
        send_code(phone, "login")
    assert verify_code(phone, "login", last_code())


def test_codes_of_two_contexts_do_not_meet(phone: str, travel: Travel, last_code: LastCode) -> None:
    send_code(phone, "change_phone", context="user 1")
    code = last_code()
    travel(60)
    send_code(phone, "change_phone", context="user 2")
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "change_phone", code, context="user 2")
    assert verify_code(phone, "change_phone", code, context="user 1")


def test_no_text_goes_out_that_could_not_be_used(
    phone: str, travel: Travel, last_code: LastCode, configure: Configure
) -> None:
    configure(FAILURE_LIMIT=[2, 3600])
    send_code(phone, "login")
    for _ in range(2):
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(last_code()))
    travel(60)
    with pytest.raises(TooManyAttempts) as refusal:
        send_code(phone, "login")
    assert refusal.value.retry_after
    assert 3500 < refusal.value.retry_after <= 3540
    assert len(locmem.outbox) == 1


def test_a_repr_shows_neither_phone_nor_code(phone: str, last_code: LastCode) -> None:
    pending = send_code(phone, "login")
    shown = repr(pending) + repr(locmem.outbox[-1])
    assert phone not in shown
    assert last_code() not in shown
