"""A challenge, its answer, and for how long the answer is good."""

import binascii
from collections.abc import Callable

import pytest
from django.conf import LazySettings

from tests.conftest import Configure
from tests.verifications.captchas import EASY, answered, packed, solve
from verifications import captcha
from verifications.exceptions import CaptchaInvalid

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]


@pytest.fixture(autouse=True)
def _easy(configure: Configure) -> None:
    configure(CAPTCHA_OPTIONS=EASY)


def test_a_right_answer_passes() -> None:
    challenge = captcha.get().challenge()
    solved = captcha.get().check(solve(challenge), "192.0.2.1")
    assert solved.id == binascii.unhexlify(challenge["parameters"]["nonce"])
    assert len(solved.id) == 16
    # As long as the challenge lives, and a minute more for clocks that differ.
    assert 658 <= solved.expires_in <= 660


def test_a_challenge_is_never_given_twice() -> None:
    given = [captcha.get().challenge()["parameters"] for _ in range(20)]
    assert len({each["nonce"] for each in given}) == 20
    assert len({each["salt"] for each in given}) == 20


def test_the_work_is_what_the_settings_say(configure: Configure) -> None:
    configure(CAPTCHA_OPTIONS={"cost": 321, "max_counter": 1, "ttl": 30})
    challenge = captcha.get().challenge()
    document = answered(challenge)
    assert challenge["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert challenge["parameters"]["cost"] == 321
    assert document["solution"]["counter"] == 1
    assert captcha.get().check(packed(document), None).expires_in <= 90


def test_half_of_the_key_is_left_to_be_found() -> None:
    document = answered(captcha.get().challenge())
    shown = document["challenge"]["parameters"]["keyPrefix"]
    assert document["solution"]["derivedKey"].startswith(shown)
    assert (len(shown), len(document["solution"]["derivedKey"])) == (32, 64)


def test_an_answer_takes_no_work_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a key was derived")

    answer = solve(captcha.get().challenge())
    monkeypatch.setattr("hashlib.pbkdf2_hmac", refuse)
    assert captcha.get().check(answer, None)


def test_what_the_browser_says_of_itself_does_not_matter() -> None:
    document = answered(captcha.get().challenge())
    del document["solution"]["time"]
    assert captcha.get().check(packed(document), None)


def test_it_can_be_too_late(travel: Travel) -> None:
    answer = solve(captcha.get().challenge())
    travel(595)
    assert captcha.get().check(answer, None).expires_in <= 65
    travel(5)
    with pytest.raises(CaptchaInvalid):
        captcha.get().check(answer, None)


def test_one_of_the_former_secret_key_is_good(settings: LazySettings) -> None:
    answer = solve(captcha.get().challenge())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert captcha.get().check(answer, None)
    assert captcha.get().check(solve(captcha.get().challenge()), None)


def test_one_of_a_key_that_went_is_not(settings: LazySettings) -> None:
    answer = solve(captcha.get().challenge())
    settings.SECRET_KEY = b"new"
    with pytest.raises(CaptchaInvalid):
        captcha.get().check(answer, None)
    assert captcha.get().check(solve(captcha.get().challenge()), None)


def test_one_that_was_cheaper_is_no_longer_good(configure: Configure) -> None:
    answer = solve(captcha.get().challenge())
    configure(CAPTCHA_OPTIONS={**EASY, "cost": 101})
    with pytest.raises(CaptchaInvalid):
        captcha.get().check(answer, None)


def test_it_is_built_once() -> None:
    assert captcha.get() is captcha.get()
