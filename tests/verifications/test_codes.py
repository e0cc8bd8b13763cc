import hashlib
import hmac

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from verifications import codes


def test_a_code_is_derived_the_way_of_rfc_4226(settings: LazySettings) -> None:
    settings.SECRET_KEY = "a secret"
    code, challenge = codes.new_code("+8613800138000", "login", 6)
    key = hmac.digest(b"a secret", b"verifications.derive", hashlib.sha256)
    mac = hmac.digest(key, challenge.seed, hashlib.sha256)
    number = int.from_bytes(mac[mac[-1] & 15 :][:4], "big") & 0x7FFFFFFF
    assert code == codes.code_of(challenge, 6) == f"{number % 1_000_000:06d}"


@given(st.integers(min_value=4, max_value=9))
def test_a_code_has_the_length_asked_for(length: int) -> None:
    code, _ = codes.new_code("+8613800138000", "login", length)
    assert len(code) == length
    assert code.isdigit()


def test_codes_are_spread_evenly() -> None:
    first_digits = [0] * 10
    for _ in range(5000):
        code, _ = codes.new_code("+8613800138000", "login", 6)
        first_digits[int(code[0])] += 1
    # Each is binomial(5000, 0.1): 500 and a standard deviation of 21; 8 of them never happens.
    assert all(330 < count < 670 for count in first_digits)


def test_the_digest_is_bound_to_phone_slot_and_code() -> None:
    code, challenge = codes.new_code("+8613800138000", "login", 6)
    assert challenge.digest in codes.digests("+8613800138000", "login", code)
    assert challenge.digest not in codes.digests("+8613800138001", "login", code)
    assert challenge.digest not in codes.digests("+8613800138000", "register", code)


def test_a_context_has_a_slot_of_its_own() -> None:
    assert codes.slot("login") == "login"
    slots = {codes.slot("change_phone", str(user)) for user in range(100)}
    assert len(slots) == 100


def test_a_public_id_is_read_back() -> None:
    value = codes.public_id(0xABC, b"p" * 9, b"s" * 10)
    assert codes.read_public_id(value) == (0xABC, b"p" * 9, b"s" * 10)


@pytest.mark.parametrize("value", ["", "abc", "é", "A" * 32, "=" * 32, "A" * 1000])
def test_an_id_that_we_never_gave_is_known_as_such(value: str) -> None:
    assert codes.read_public_id(value) is None


def test_an_id_outlives_a_change_of_the_secret_key(settings: LazySettings) -> None:
    value = codes.public_id(1, b"p" * 9, b"s" * 10)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert codes.read_public_id(value)
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.read_public_id(value) is None
