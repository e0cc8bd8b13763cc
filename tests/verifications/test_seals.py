"""A sealed body is readable by all, and ours alone for the one use that it was sealed for."""

import pytest
from django.conf import LazySettings

from verifications import codes


def test_what_was_sealed_is_read_again() -> None:
    for body in (b"", b"\0", b"a body", bytes(range(256))):
        assert codes.unseal(codes.seal(body, "proof", 16), "proof", 16) == body


def test_a_seal_is_of_one_use() -> None:
    assert codes.unseal(codes.seal(b"a body", "proof", 16), "pickup", 16) is None


def test_use_and_body_are_kept_apart() -> None:
    assert codes.unseal(codes.seal(b"of a body", "proof", 16), "proof of", 16) is None


def test_no_bit_of_it_may_be_changed() -> None:
    sealed = codes.seal(b"a body", "proof", 16)
    for place, letter in enumerate(sealed):
        changed = sealed[:place] + ("A" if letter != "A" else "B") + sealed[place + 1 :]
        assert codes.unseal(changed, "proof", 16) is None


@pytest.mark.parametrize("text", ["", "A", "AAAA", "é", "a body", "\0", "====", "A" * 400])
def test_what_we_never_sealed_is_nothing(text: str) -> None:
    assert codes.unseal(text, "proof", 16) is None


def test_letters_that_a_url_would_change_are_not_used() -> None:
    sealed = "".join(codes.seal(bytes([n] * 8), "proof", 16) for n in range(256))
    assert {"-", "_"} < set(sealed)
    assert not set(sealed) & set("+/")


def test_letters_amid_which_others_stand_are_not_read() -> None:
    """Else one seal would have many ways to be written, and each could be used once."""
    sealed = codes.seal(b"a body", "proof", 16)
    for more in ("\n", "!", "+"):
        assert codes.unseal(sealed[:4] + more * 4 + sealed[4:], "proof", 16) is None


def test_a_seal_outlives_a_change_of_the_secret_key(settings: LazySettings) -> None:
    sealed = codes.seal(b"a body", "proof", 16)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert codes.unseal(sealed, "proof", 16) == b"a body"
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.unseal(sealed, "proof", 16) is None
