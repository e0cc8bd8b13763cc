"""At a bound a captcha is asked for, at twice that an address, segment or country is refused."""

import pytest

from tests.conftest import Configure
from tests.verifications.guard.conftest import ELSEWHERE, HERE, NewPhone, Travel, refusal_of, send
from verifications.exceptions import (
    CaptchaRequired,
    RateLimited,
)
from verifications.services import send_code

pytestmark = pytest.mark.redis


def test_at_twice_the_bound_an_address_is_refused(apart: NewPhone) -> None:
    send(apart, 6)
    refusal = refusal_of(apart)
    assert isinstance(refusal, RateLimited)
    assert refusal.extras == {"limit": "ip"}
    assert refusal.retry_after
    assert 3000 < refusal.retry_after <= 3900
    send(apart, 1, ELSEWHERE)


def test_the_wait_told_is_enough(apart: NewPhone, travel: Travel) -> None:
    send(apart, 6)
    wait = refusal_of(apart).retry_after
    assert wait
    travel(wait)
    send(apart, 1)


def test_at_the_bound_a_captcha_is_asked_for(apart: NewPhone, configure: Configure) -> None:
    configure(CAPTCHA="adaptive")
    send(apart, 3)
    assert isinstance(refusal_of(apart), CaptchaRequired)
    send(apart, 1, ELSEWHERE)


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
