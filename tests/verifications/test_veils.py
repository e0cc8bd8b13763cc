"""What is veiled, a phone on its way to a worker, is read by us alone."""

from django.conf import LazySettings

from verifications import codes

PHONE = "+8613800138000"


def test_what_was_veiled_is_read_again() -> None:
    for text in (PHONE, "é" * 32, "a"):
        assert codes.unveil(codes.veil(text, b"one"), b"one") == text


def test_a_veil_shows_nothing_of_what_is_behind_it() -> None:
    veiled = codes.veil("aaaaaaaaaaaaaaaa", b"one")[2:]
    assert len(set(veiled)) > 8


def test_the_same_text_looks_another_under_another_nonce() -> None:
    assert len({codes.veil(PHONE, bytes([n])) for n in range(100)}) == 100


def test_a_veil_outlives_a_change_of_the_secret_key(settings: LazySettings) -> None:
    veiled = codes.veil(PHONE, b"one")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert codes.unveil(veiled, b"one") == PHONE
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.unveil(veiled, b"one") is None
