"""What an earlier version has made of the secret keys, this one makes too: codes under way, names
of phones in Redis, proofs, tokens."""

import pytest
from django.conf import LazySettings

from verifications import accounts, codes

PHONE = "+8613800138000"


@pytest.fixture(autouse=True, params=["text", "bytes"])
def _keys(request: pytest.FixtureRequest, settings: LazySettings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a secret", ["an older one"]
    if request.param == "bytes":
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = b"a secret", [b"an older one"]


def test_the_marks_of_the_keys() -> None:
    assert codes.marks().hex() == "ffadcb57"


@pytest.mark.parametrize(
    ("seed", "code"),
    [
        ("ffad00112233445566778899", "448780936"),
        ("cb5700112233445566778899", "106147484"),
        ("ffad000000000000000003d7", "000025255"),
    ],
)
def test_the_code_of_a_seed(seed: str, code: str) -> None:
    assert codes.code_of(seed, 9) == code
    assert codes.code_of(seed, 6) == code[-6:]


def test_the_digests_of_a_code() -> None:
    assert [digest.hex() for digest in codes.digests(PHONE, "login", "123456")] == [
        "bf5e62268a5febf669e29856953b2aad",
        "1ef9f456a0df7f9b5cfc32ffe59b2c03",
    ]


def test_the_names_in_redis() -> None:
    assert [name.hex() for name in codes.pseudonyms(PHONE)] == [
        "9d2e00dc842c11e783",
        "cf1c73c9fe76090369",
    ]
    assert codes.pseudonym("203.0.113.7").hex() == "d86506dbb3aac5d6d6"


def test_the_slot_of_a_context() -> None:
    assert codes.slot("change_phone", "42") == "change_phone:73475cb40a56"


def test_a_seal() -> None:
    sealed = "AGJvZHn_0PwJ0O6wbr9Un8Hwk94Qyg=="
    assert codes.seal(b"\x00body\xff", "proof", 16) == sealed
    assert codes.unseal(sealed, "proof", 16) == b"\x00body\xff"


def test_a_veil() -> None:
    veiled = bytes.fromhex("ffad380a514eeef9c324246512e14727")
    assert codes.veil(PHONE, b"a nonce") == veiled
    assert codes.unveil(veiled, b"a nonce") == PHONE


def test_the_keys_of_tokens() -> None:
    assert [key.hex() for key in accounts._token_keys()] == [
        "c83831d75725f307215579b1d8a5b93b30b102e33f2fef8cb3bab64a5945cb87",
        "5aa329e0156514bafa397da5d6be04df86509f10b0e1ac16c9ec20ddece3d2b4",
    ]
