import contextlib
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifications import phones
from verifications.exceptions import CountryNotAllowed, InvalidPhone
from verifications.phones import mask, normalise


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        "+8613800138000",
        "8613800138000",
        "008613800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138-0013-8000",
        " 13800138000 ",
    ],
)
def test_each_way_of_writing_is_the_same_phone(raw: str) -> None:
    assert normalise(raw) == "+8613800138000"


@pytest.mark.parametrize(
    "raw",
    [
        *("", "abc", "10086", "+", "+8610", "010-62771234", "+86+8613800138000"),
        *("1380013800", "138001380000", "12345678901", "1" * 500),
        *("1380013800\0", "(138)00138000", "１３８００１３８０００"),
    ],
)
def test_what_is_no_mobile_number_is_refused(raw: str) -> None:
    with pytest.raises(InvalidPhone):
        normalise(raw)


def test_a_real_number_of_a_country_that_is_off_is_refused_as_such() -> None:
    with pytest.raises(CountryNotAllowed):
        normalise("+85251234567")


def test_a_country_that_is_on_is_let_through() -> None:
    assert normalise("+852 5123 4567", ["CN", "HK"]) == "+85251234567"
    assert normalise("0085251234567", ["HK"]) == "+85251234567"


def test_the_mainland_can_be_off_too() -> None:
    with pytest.raises(CountryNotAllowed):
        normalise("13800138000", ["HK"])


@given(st.integers(min_value=10_000_000_000, max_value=19_999_999_999))
def test_the_fast_path_agrees_with_the_library(number: int) -> None:
    try:
        ours = normalise(str(number))
    except InvalidPhone:
        ours = ""
    assert ours == (f"+86{number}" if _is_mobile(str(number)) else "")


def test_a_mainland_number_is_told_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes twenty times as long."""
    monkeypatch.delattr(phonenumbers, "parse")
    assert normalise("138 0013 8000") == "+8613800138000"
    assert phones.country("+8613800138000") == "CN"


@pytest.mark.parametrize("digit", ["１", "٣", "৩"])
@pytest.mark.parametrize("place", range(11))
def test_a_digit_of_another_script_is_none(digit: str, place: int) -> None:
    number = "13333333333"
    with pytest.raises(InvalidPhone):
        normalise(number[:place] + digit + number[place + 1 :])


def _is_mobile(number: str) -> bool:
    """By the library alone."""
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) == 1


@given(st.text(max_size=40))
def test_any_text_is_a_phone_or_a_clear_refusal(raw: str) -> None:
    with contextlib.suppress(InvalidPhone, CountryNotAllowed):
        assert normalise(raw, ["CN"]).startswith("+86")


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+8613800138000", "138****8000"), ("+85251234567", "+85****4567")],
)
def test_a_masked_phone_hides_its_middle(phone: str, shown: str) -> None:
    assert mask(phone) == shown


@pytest.mark.parametrize("raw", [None, 13800138000, ["13800138000"], b"13800138000"])
def test_what_is_no_text_is_no_number(raw: Any) -> None:
    with pytest.raises(InvalidPhone):
        normalise(raw)


@pytest.mark.parametrize(
    ("beginning", "carrier"),
    [
        ("+861380", "mobile"),
        ("+861340", "mobile"),
        ("+861860", "unicom"),
        ("+861890", "telecom"),
        ("+861349", "other"),  # satellites, amid China Mobile's 134
        ("+861920", "broadnet"),
        ("+861700", "virtual"),  # whatever carrier is behind it
        ("+861650", "virtual"),
        ("+861400", "other"),
        ("+852512", "other"),
        ("+1", "other"),
    ],
)
def test_whose_numbers_begin_so(beginning: str, carrier: str) -> None:
    assert phones.carrier(beginning) == carrier


def test_a_segment_is_ten_thousand_numbers() -> None:
    assert phones.segment("+8613800138000") == "+861380013"


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+8613800138000", "CN"),
        ("+85251234567", "HK"),
        ("+14155550100", "US"),
        ("+19999999999", ""),
    ],
)
def test_whose_number_it_is(phone: str, country: str) -> None:
    assert phones.country(phone) == country
