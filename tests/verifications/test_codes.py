import hashlib
import hmac

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from verifications import codes
from verifications.models import Message

PHONE = "+8613800138000"


def _new_code(length: int = 6) -> str:
    code = codes.code_of(codes.new_seed(), length)
    assert code
    return code


def test_a_code_is_derived_the_way_of_rfc_4226(settings: LazySettings) -> None:
    settings.SECRET_KEY = "a secret"
    key = hmac.digest(b"a secret", b"verifications.derive", hashlib.sha256)
    for _ in range(100):  # as each of them begins elsewhere
        challenge = codes.new_challenge(PHONE, "login", 6)
        mac = hmac.digest(key, challenge.seed, hashlib.sha256)
        number = int.from_bytes(mac[mac[-1] & 15 :][:4], "big") & 0x7FFFFFFF
        assert codes.code_of(challenge.text, 6) == f"{number % 1_000_000:06d}"


@given(st.integers(min_value=4, max_value=9))
def test_a_code_has_the_length_asked_for(length: int) -> None:
    code = _new_code(length)
    assert len(code) == length
    assert code.isdigit()


def test_codes_are_spread_evenly() -> None:
    first_digits = [0] * 10
    for _ in range(5000):
        first_digits[int(_new_code()[0])] += 1
    # Each is binomial(5000, 0.1): 500 and a standard deviation of 21; 8 of them never happens.
    assert all(330 < count < 670 for count in first_digits)


def test_the_digest_is_bound_to_phone_slot_and_code() -> None:
    challenge = codes.new_challenge(PHONE, "login", 6)
    code = codes.code_of(challenge.text, 6)
    assert code
    assert challenge.digest in codes.digests(PHONE, "login", code)
    assert challenge.digest not in codes.digests("+8613800138001", "login", code)
    assert challenge.digest not in codes.digests(PHONE, "register", code)
    assert challenge.digest not in codes.digests(PHONE, "login", _new_code(7))


@pytest.mark.parametrize(
    "typed", ["823607", "823 607", " 82 36 07 ", "８２３６０７", "823\u3000607"]
)
def test_a_code_is_read_however_shoppers_write_it(typed: str) -> None:
    assert codes.typed(typed) == "823607"


def test_a_code_may_be_chosen() -> None:
    """As those of the numbers of TEST_NUMBERS are."""
    challenge = codes.new_challenge(PHONE, "login", 6, fixed="000000")
    assert challenge.digest in codes.digests(PHONE, "login", "000000")


def test_a_context_has_a_slot_of_its_own() -> None:
    assert codes.slot("login") == "login"
    slots = {codes.slot("change_phone", str(user)) for user in range(100)}
    assert len(slots) == 100


def test_a_code_is_derived_again_until_its_secret_key_goes_out_of_service(
    settings: LazySettings,
) -> None:
    seed = codes.new_seed()
    code = codes.code_of(seed, 6)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert codes.code_of(seed, 6) == code
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.code_of(seed, 6) is None


def test_a_message_has_room_for_what_its_code_is_derived_from() -> None:
    for text in (codes.new_seed(), codes.new_challenge(PHONE, "login", 6).text):
        assert len(text) <= (Message._meta.get_field("challenge").max_length or 0)


def test_what_is_veiled_is_read_by_us_alone(settings: LazySettings) -> None:
    veiled = codes.veil("+8613800138000", b"nonce")
    assert b"1380013" not in veiled
    assert codes.unveil(veiled, b"nonce") == "+8613800138000"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert codes.unveil(veiled, b"nonce") == "+8613800138000"
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.unveil(veiled, b"nonce") is None


def test_no_two_are_veiled_alike() -> None:
    assert codes.veil("+8613800138000", b"one") != codes.veil("+8613800138000", b"other")
