"""What a send goes by: the lists, the limits and the answer to a captcha."""

import pytest

from tests.conftest import Configure
from verifications import guard, ledger, rules
from verifications.exceptions import CaptchaInvalid, PhoneBlocked, RateLimited
from verifications.models import ListEntry

PHONE, IP = "+8613800138000", "203.0.113.7"


def _list(verdict: str, what: str, value: str) -> None:
    ListEntry.objects.create(list=verdict, what=what, value=value)
    rules.forget()


@pytest.fixture(autouse=True)
def _riddle(configure: Configure) -> None:
    configure(
        CAPTCHA="adaptive",
        CAPTCHA_BACKEND="tests.verifications.captchas.Riddle",
        CAPTCHA_OPTIONS={"answer": "piano"},
    )


def test_usually_all_limits_count_and_nothing_is_withheld() -> None:
    admission = guard.admit(PHONE, IP, "")
    assert admission.ledger == ledger.of_send(PHONE, IP, spare=False)
    assert admission.captcha is None
    assert admission.withheld is False


def test_a_right_answer_goes_along_with_the_address_that_gave_it() -> None:
    solved = guard.admit(PHONE, IP, "piano#7").captcha
    assert solved
    assert (solved.id, solved.expires_in) == (f"{IP}#7".encode()[:16], 60)


def test_a_wrong_answer_is_refused_before_anything_counts() -> None:
    with pytest.raises(CaptchaInvalid):
        guard.admit(PHONE, IP, "lock")


def test_where_no_captcha_is_asked_for_none_is_looked_at(configure: Configure) -> None:
    configure(CAPTCHA="never")
    assert guard.admit(PHONE, IP, "lock").captcha is None


def test_an_answer_has_4096_characters_at_most() -> None:
    assert guard.admit(PHONE, IP, "piano#" + "1" * 4090).captcha
    with pytest.raises(CaptchaInvalid):
        guard.admit(PHONE, IP, "piano#" + "1" * 4091)


@pytest.mark.parametrize(
    ("what", "value"), [("phone", "13800138000"), ("address", "203.0.113.0/24")]
)
def test_who_is_allowed_is_spared(what: str, value: str) -> None:
    _list("allow", what, value)
    assert guard.admit(PHONE, IP, "").ledger == ledger.of_send(PHONE, IP, spare=True)


def test_a_blocked_phone_is_withheld_and_counts_as_any_other() -> None:
    _list("block", "phone", "13800138000")
    admission = guard.admit(PHONE, IP, "")
    assert admission.withheld is True
    assert admission.ledger == ledger.of_send(PHONE, IP, spare=False)


def test_a_blocked_segment_is_refused() -> None:
    _list("block", "segment", "1380")
    with pytest.raises(PhoneBlocked):
        guard.admit(PHONE, IP, "")


def test_a_blocked_address_waits_for_an_hour() -> None:
    _list("block", "address", IP)
    with pytest.raises(RateLimited) as refusal:
        guard.admit(PHONE, IP, "")
    assert refusal.value.extras == {"limit": "ip"}
    assert refusal.value.retry_after == 3600
    assert guard.admit(PHONE, None, "")
    assert guard.admit(PHONE, "203.0.113.8", "")


@pytest.mark.parametrize(("what", "value"), [("phone", "13800138000"), ("segment", "1380")])
def test_who_is_on_the_block_list(what: str, value: str) -> None:
    assert not guard.is_blocked(PHONE)
    _list("block", what, value)
    assert guard.is_blocked(PHONE)
    assert not guard.is_blocked("+8613900138000")


def test_who_is_allowed_is_not_blocked() -> None:
    _list("allow", "phone", "13800138000")
    assert not guard.is_blocked(PHONE)
