"""SECRET_KEY changes in two steps (first as a fallback, then in front), and nobody notices."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from tests.conftest import wrong
from verifications.exceptions import CodeExpired, CodeIncorrect, Cooldown
from verifications.services import send_code, verify_code

pytestmark = pytest.mark.redis

LastCode = Callable[[], str]
Travel = Callable[[float], None]


def _rotate(settings: LazySettings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]


def test_a_code_of_the_old_key_verifies(
    phone: str, last_code: LastCode, settings: LazySettings
) -> None:
    send_code(phone, "login")
    _rotate(settings)
    assert verify_code(phone, "login", last_code())


def test_a_resend_after_the_change_carries_the_same_code(
    phone: str, last_code: LastCode, settings: LazySettings, travel: Travel
) -> None:
    send_code(phone, "login")
    code = last_code()
    _rotate(settings)
    travel(60)
    send_code(phone, "login")
    assert last_code() == code


def test_the_limits_go_on(phone: str, last_code: LastCode, settings: LazySettings) -> None:
    send_code(phone, "login")
    _rotate(settings)
    with pytest.raises(Cooldown):
        send_code(phone, "login")
    with pytest.raises(CodeIncorrect) as refusal:
        verify_code(phone, "login", wrong(last_code()))
    assert refusal.value.extras == {"attempts_left": 4}


def test_hosts_before_and_after_the_change_share_one_state(
    phone: str, last_code: LastCode, settings: LazySettings
) -> None:
    """While it rolls out, some hosts have the new key in front and some the old."""
    old = settings.SECRET_KEY
    for keys in ((old, ["new"]), ("new", [old])) * 2:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keys[0], list(keys[1])
        if keys[0] == old and not _sent():
            send_code(phone, "login")
        with pytest.raises(CodeIncorrect) as refusal:
            verify_code(phone, "login", wrong(last_code()))
    assert refusal.value.extras == {"attempts_left": 1}


def _sent() -> bool:
    from verifications.providers.locmem import outbox

    return bool(outbox)


def test_a_code_whose_key_is_gone_gives_way_to_a_new_one(
    phone: str, last_code: LastCode, settings: LazySettings, travel: Travel
) -> None:
    send_code(phone, "login")
    code = last_code()
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [old]
    with pytest.raises(CodeIncorrect):  # the state now stands under the new name
        verify_code(phone, "login", wrong(code))
    settings.SECRET_KEY_FALLBACKS = []
    travel(60)
    send_code(phone, "login")
    assert last_code() != code
    assert verify_code(phone, "login", last_code())


def test_without_the_old_key_its_codes_are_unknown(
    phone: str, last_code: LastCode, settings: LazySettings
) -> None:
    send_code(phone, "login")
    settings.SECRET_KEY = "new"
    with pytest.raises(CodeExpired):
        verify_code(phone, "login", last_code())
