"""Texts that nobody verifies: noticed by address, segment and country, and in the end refused."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Configure
from tests.verifications import kept
from verifications import metrics
from verifications.exceptions import (
    CaptchaRequired,
    DeliveryFailed,
    RateLimited,
    Unavailable,
    VerificationError,
)
from verifications.providers import base, locmem
from verifications.services import send_code, verify_code

pytestmark = pytest.mark.redis

NewPhone = Callable[[], str]
Travel = Callable[[float], None]

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
BOUNDS = {"ip": [3, 1.0]}


@pytest.fixture
def apart() -> NewPhone:
    """Phones of which each has a segment to itself."""
    numbers = iter(range(13_100_000_000, 13_200_000_000, 10_000))
    return lambda: str(next(numbers))


@pytest.fixture(autouse=True)
def _guarded(configure: Configure) -> None:
    configure(GUARD="enforce", GUARD_BOUNDS=BOUNDS, CAPTCHA="never")


def _send(new_phone: NewPhone, times: int, ip: str = HERE) -> None:
    for _ in range(times):
        send_code(new_phone(), "login", ip=ip)


def _convert(new_phone: NewPhone, times: int, ip: str = HERE) -> None:
    for _ in range(times):
        phone = new_phone()
        send_code(phone, "login", ip=ip)
        verify_code(phone, "login", locmem.outbox[-1].params["code"], ip=ip)


def _refusal(new_phone: NewPhone, ip: str = HERE) -> VerificationError:
    with pytest.raises(VerificationError) as refusal:
        send_code(new_phone(), "login", ip=ip)
    return refusal.value


def test_at_twice_the_bound_an_address_is_refused(apart: NewPhone) -> None:
    _send(apart, 6)
    refusal = _refusal(apart)
    assert isinstance(refusal, RateLimited)
    assert refusal.extras == {"limit": "ip"}
    assert refusal.retry_after
    assert 3000 < refusal.retry_after <= 3900
    _send(apart, 1, ELSEWHERE)


def test_the_wait_told_is_enough(apart: NewPhone, travel: Travel) -> None:
    _send(apart, 6)
    wait = _refusal(apart).retry_after
    assert wait
    travel(wait)
    _send(apart, 1)


def test_at_the_bound_a_captcha_is_asked_for(apart: NewPhone, configure: Configure) -> None:
    configure(CAPTCHA="adaptive")
    _send(apart, 3)
    assert isinstance(_refusal(apart), CaptchaRequired)
    _send(apart, 1, ELSEWHERE)


def test_the_verified_ones_allow_for_as_many_that_are_not(apart: NewPhone) -> None:
    _convert(apart, 10)
    _send(apart, 20)
    assert isinstance(_refusal(apart), RateLimited)


def test_a_share_of_the_verified_ones_is_what_counts(apart: NewPhone, configure: Configure) -> None:
    configure(GUARD_BOUNDS={"ip": [1, 0.5]})
    _convert(apart, 8)
    _send(apart, 8)
    assert isinstance(_refusal(apart), RateLimited)


def test_a_code_counts_for_the_address_that_asked(apart: NewPhone) -> None:
    """A shopper may ask at home and type the code in on the train."""
    for _ in range(4):
        phone = apart()
        send_code(phone, "login", ip=HERE)
        verify_code(phone, "login", locmem.outbox[-1].params["code"], ip=ELSEWHERE)
    _send(apart, 8)
    assert isinstance(_refusal(apart), RateLimited)
    _send(apart, 6, ELSEWHERE)
    assert isinstance(_refusal(apart, ELSEWHERE), RateLimited)


def test_a_code_counts_once(apart: NewPhone) -> None:
    phone = apart()
    send_code(phone, "login", ip=HERE)
    code = locmem.outbox[-1].params["code"]
    verify_code(phone, "login", code, ip=HERE)
    for _ in range(5):
        with pytest.raises(VerificationError):
            verify_code(phone, "login", code, ip=HERE)
    _send(apart, 6)
    assert isinstance(_refusal(apart), RateLimited)


def test_a_segment_is_guarded_whatever_the_addresses(
    new_phone: NewPhone, apart: NewPhone, configure: Configure
) -> None:
    configure(GUARD_BOUNDS={"prefix": [3, 1.0]})
    first = int(new_phone()) // 10_000 * 10_000
    for i in range(6):
        send_code(str(first + i), "login", ip=f"192.0.2.{i}")
    with pytest.raises(RateLimited) as refusal:
        send_code(str(first + 6), "login", ip=ELSEWHERE)
    assert refusal.value.extras == {"limit": "prefix"}
    send_code(apart(), "login", ip=ELSEWHERE)


def test_a_country_is_guarded_where_several_are_texted(
    apart: NewPhone, configure: Configure
) -> None:
    configure(GUARD_BOUNDS={"country": [3, 1.0]}, ALLOWED_COUNTRIES=["CN", "HK"])
    for i in range(6):
        send_code(f"+8525123456{i}", "login")
    with pytest.raises(RateLimited) as refusal:
        send_code("+85251234567", "login")
    assert refusal.value.extras == {"limit": "prefix"}
    send_code(apart(), "login")


def test_a_code_counts_whether_or_not_a_slot_has_ended_since(
    apart: NewPhone, travel: Travel, redis: Any
) -> None:
    for seconds in (0, 290):
        phone = apart()
        send_code(phone, "login", ip=HERE)
        travel(seconds)
        verify_code(phone, "login", locmem.outbox[-1].params["code"], ip=HERE)
    (key,) = redis.scan_iter("sms:{4}ip:*")
    asked, verified, *_ = kept.rings(redis.get(key))
    assert (asked[1], verified[1]) == (2, 2)


def test_what_was_asked_for_is_forgotten_after_the_window(apart: NewPhone, travel: Travel) -> None:
    _send(apart, 6)
    travel(3600 * 13 / 12)
    _send(apart, 6)
    assert len(locmem.outbox) == 12


def test_recording_refuses_nobody_and_tells(
    apart: NewPhone, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure(GUARD="record")
    alarms = metrics.GUARD.labels("ip", "alarmed")
    before = alarms._value.get()
    with caplog.at_level(logging.WARNING, "verifications.guard"):
        _send(apart, 10)
    assert alarms._value.get() - before == 4
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _ in said] == ["WARNING", "ERROR"]  # once each, however many there are
    assert all(HERE in words for _, words in said)
    asked = [words.partition("of ")[2] for _, words in said]
    assert asked == [f"{n} texts asked for 0 were verified" for n in (3, 6)]


def test_off_counts_nothing(apart: NewPhone, configure: Configure, redis: Any) -> None:
    configure(GUARD="off", IP_LIMITS=[], PREFIX_LIMITS=[], GLOBAL_LIMITS=[])
    _send(apart, 10)
    assert not list(redis.scan_iter("sms:{4}ip:*"))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[base.SendError], None]:
    def fail(error: base.SendError) -> None:
        def send(_self: object, _text: object) -> None:
            raise error

        monkeypatch.setattr(locmem.LocMem, "send", send)

    return fail


def test_numbers_that_platforms_refuse_count_as_unverified(
    apart: NewPhone, failing: Callable[[base.SendError], None]
) -> None:
    """Their quotas are given back, so it is the guard that ends a script's guessing at numbers."""
    failing(base.Rejected("160042"))
    for _ in range(6):
        assert isinstance(_refusal(apart), DeliveryFailed)
    assert isinstance(_refusal(apart), RateLimited)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (base.Unreachable("HTTP 500"), Unavailable),
        (base.Unavailable("112310"), DeliveryFailed),  # the account's money is spent
    ],
)
def test_an_outage_is_nobodys_fault(
    error: base.SendError,
    refusal: type[VerificationError],
    apart: NewPhone,
    failing: Callable[[base.SendError], None],
    configure: Configure,
) -> None:
    configure(BREAKER=[1000, 1])
    failing(error)
    for _ in range(20):
        assert isinstance(_refusal(apart), refusal)


def test_a_campus_that_verifies_is_never_asked(apart: NewPhone, configure: Configure) -> None:
    """The floor is passed by far, at the rate of verifying that honest shoppers have."""
    configure(CAPTCHA="adaptive", GUARD_BOUNDS={"ip": [30, 1.0]})
    for _ in range(25):
        _convert(apart, 6)
        _send(apart, 2)
    assert len(locmem.outbox) == 200


@pytest.mark.parametrize("mode", ["off", "record", "enforce"])
@pytest.mark.parametrize("kind", ["ip", "prefix", "global"])
def test_above_the_normal_rate_a_captcha_is_asked_for(
    kind: str, mode: str, new_phone: NewPhone, configure: Configure
) -> None:
    configure(GUARD=mode, GUARD_BOUNDS={"ip": [5, 1]}, CAPTCHA="adaptive", CAPTCHA_ABOVE={kind: 5})
    first = int(new_phone()) // 10_000 * 10_000
    for i in range(5):
        send_code(str(first + i), "login", ip=HERE)
    with pytest.raises(CaptchaRequired):
        send_code(str(first + 5), "login", ip=HERE)


def test_a_refused_send_is_not_counted_by_the_guard(apart: NewPhone, travel: Travel) -> None:
    phone = apart()
    send_code(phone, "login", ip=HERE)
    for _ in range(10):
        with pytest.raises(VerificationError):
            send_code(phone, "login", ip=HERE)
    _send(apart, 5)
    assert isinstance(_refusal(apart), RateLimited)
