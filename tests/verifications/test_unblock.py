"""`manage.py unblock`: who was let down is let through, and no code can be guessed more often."""

import io
import logging
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone
from redis import Redis

from tests.conftest import Configure, wrong
from verifications import inspection, limits, rules, throttle
from verifications.exceptions import CodeExpired, CodeIncorrect, PhoneBlocked, RateLimited
from verifications.models import ListEntry
from verifications.providers import locmem
from verifications.services import send_code, verify_code

pytestmark = [pytest.mark.database, pytest.mark.redis]

IP = "203.0.113.7"


def _unblock(*arguments: str) -> str:
    out = io.StringIO()
    call_command("unblock", *arguments, stdout=out)
    rules.forget()
    return out.getvalue()


def _block(what: str, value: str) -> None:
    ListEntry.objects.create(list="block", what=what, value=value)
    rules.forget()


def _masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}"


def test_a_blocked_phone_is_texted_again(phone: str) -> None:
    _block("phone", phone)
    send_code(phone, "login")
    assert not locmem.outbox
    told = f"{_masked(phone)}: taken off the block list; forgotten: 1 texts, 0 wrong guesses\n"
    assert _unblock(phone) == told
    send_code(phone, "login")
    assert len(locmem.outbox) == 1


def test_limits_and_guesses_are_forgotten(
    phone: str, last_code: Callable[[], str], configure: Configure
) -> None:
    configure(FAILURE_LIMIT=[2, 3600])
    send_code(phone, "login", ip=IP)
    for guesser in (IP, None):
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(last_code()), ip=guesser)
    assert _unblock(phone) == (
        f"{_masked(phone)}: is not on the block list itself; forgotten: 1 texts, 2 wrong guesses\n"
    )
    assert inspection.would_refuse(phone, "login", IP) is None
    look = inspection.inspect(phone, IP)
    assert [limit.used for limit in look.limits] == [0, 0, 0]
    assert {(code.of_askers.left, code.of_strangers.left) for code in look.codes} == {(2, 2)}


def test_a_code_that_was_guessed_at_goes_with_its_guesses(
    phone: str, last_code: Callable[[], str]
) -> None:
    send_code(phone, "login", ip=IP)
    code = last_code()
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(code), ip=IP)
    _unblock(phone)
    with pytest.raises(CodeExpired):
        verify_code(phone, "login", code, ip=IP)


def test_any_other_code_stays(phone: str, last_code: Callable[[], str]) -> None:
    send_code(phone, "login", ip=IP)
    _unblock(phone)
    verify_code(phone, "login", last_code(), ip=IP)


def test_quotas_may_be_kept(phone: str) -> None:
    _block("phone", phone)
    send_code(phone, "login")
    assert "forgotten: 0 texts" in _unblock(phone, "--keep-quotas")
    refusal = inspection.would_refuse(phone, "login")
    assert refusal is not None
    assert refusal.code == "cooldown"


def test_a_segment_stays_and_is_told(phone: str) -> None:
    _block("segment", phone[:7])
    told = _unblock(phone)
    assert f"still blocked by {phone[:3]}****: change that at /admin/" in told
    assert phone[:7] not in told
    with pytest.raises(PhoneBlocked):
        send_code(phone, "login")


def test_an_entry_that_has_ended_is_not_told(phone: str) -> None:
    past = timezone.now()
    ListEntry.objects.create(list="block", what="segment", value="138", expires_at=past)
    assert "still" not in _unblock(phone)


def test_an_address_and_its_counters(
    new_phone: Callable[[], str], configure: Configure, redis: Redis
) -> None:
    configure(IP_LIMITS=[[1, 3600]])
    _block("address", IP)
    _block("address", "203.0.113.0/24")
    throttle.hit("admin", limits.network(IP), (1, 900))
    told = _unblock("--ip", IP)
    assert told == (
        f"{IP}: taken off the block list; forgotten: 1 counters\n"
        "  still blocked by 203.0.113.0/24: change that at /admin/ (黑白名单)\n"
    )
    throttle.hit("admin", limits.network(IP), (1, 900))
    ListEntry.objects.all().delete()
    rules.forget()
    send_code(new_phone(), "login", ip=IP)
    with pytest.raises(RateLimited):
        send_code(new_phone(), "login", ip=IP)
    assert _unblock("--ip", IP).endswith("not on the block list itself; forgotten: 2 counters\n")
    send_code(new_phone(), "login", ip=IP)


def test_of_an_ipv6_address_its_subscriber(new_phone: Callable[[], str]) -> None:
    _block("address", "2001:db8::/64")
    assert _unblock("--ip", "2001:db8::1").startswith("2001:db8::/64: taken off")
    send_code(new_phone(), "login", ip="2001:db8::2")


def test_the_log_tells_it_without_the_number(phone: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "verifications.unblocking"):
        _unblock(phone)
    (message,) = (one for one in caplog.messages if one.startswith("unblock"))
    assert message == (
        f"unblock {_masked(phone)}: 0 entries of the block list, 0 texts, 0 wrong guesses"
    )


def test_under_an_older_secret_key_too(phone: str, settings: LazySettings) -> None:
    send_code(phone, "login")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert "1 texts" in _unblock(phone)
    assert inspection.would_refuse(phone, "login") is None


def test_nobody_is_named() -> None:
    with pytest.raises(CommandError, match="Whom") as refusal:
        _unblock()
    assert refusal.value.returncode == 2


def test_both_at_once(phone: str) -> None:
    assert len(_unblock(phone, "--ip", IP).splitlines()) == 2
