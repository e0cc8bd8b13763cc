"""The quotas: whose they are, that they roll, and that none is passed."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from redis import Redis

from tests.conftest import Configure
from verifications import conf, limits, store
from verifications.exceptions import Cooldown, RateLimited
from verifications.services import send_code

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
NewPhone = Callable[[], str]


def test_five_an_hour_a_phone(phone: str, travel: Travel) -> None:
    for _ in range(5):
        send_code(phone, "login")
        travel(60)
    with pytest.raises(RateLimited) as refusal:
        send_code(phone, "login")
    assert refusal.value.extras == {"limit": "phone"}
    assert refusal.value.retry_after == 3600 - 5 * 60
    travel(3600 - 5 * 60)
    send_code(phone, "login")


def test_ten_a_day_a_phone(phone: str, travel: Travel) -> None:
    for _ in range(10):
        send_code(phone, "login")
        travel(3600)
    with pytest.raises(RateLimited) as refusal:
        send_code(phone, "login")
    assert refusal.value.retry_after == 14 * 3600
    travel(14 * 3600 - 1)
    with pytest.raises(RateLimited):
        send_code(phone, "login")
    travel(1)
    send_code(phone, "login")


def test_midnight_gives_nothing_back(phone: str, travel: Travel) -> None:
    """The day rolls; no calendar, of Shanghai or elsewhere, resets it."""
    for _ in range(10):
        send_code(phone, "login")
        travel(720)
    with pytest.raises(RateLimited):  # at 2 h; then at each hour of the day to come
        send_code(phone, "login")
    for _ in range(21):
        travel(3600)
        with pytest.raises(RateLimited):
            send_code(phone, "login")


def test_the_wait_told_is_that_of_the_limit_that_binds(phone: str, travel: Travel) -> None:
    for _ in range(4):
        send_code(phone, "login")
        travel(60)
    last = send_code(phone, "login")
    assert last.resend_after == 3600 - 4 * 60
    with pytest.raises(RateLimited):  # not `cooldown`, after which it would be refused again
        send_code(phone, "login")


def test_an_address_has_a_quota(new_phone: NewPhone, configure: Configure) -> None:
    configure(IP_LIMITS=[[3, 3600]])
    for _ in range(3):
        send_code(new_phone(), "login", ip="203.0.113.7")
    with pytest.raises(RateLimited) as refusal:
        send_code(new_phone(), "login", ip="203.0.113.7")
    assert refusal.value.extras == {"limit": "ip"}
    send_code(new_phone(), "login", ip="203.0.113.8")


def test_one_ipv6_subscriber_is_one_address(new_phone: NewPhone, configure: Configure) -> None:
    configure(IP_LIMITS=[[1, 3600]])
    send_code(new_phone(), "login", ip="2001:db8:1:2::1")
    with pytest.raises(RateLimited):
        send_code(new_phone(), "login", ip="2001:db8:1:2:ffff::9")
    send_code(new_phone(), "login", ip="2001:db8:1:3::1")


def test_an_ipv4_address_in_ipv6_clothes_is_itself() -> None:
    assert limits.network("::ffff:203.0.113.7") == limits.network("203.0.113.7")


def test_everyone_together_has_a_quota(new_phone: NewPhone, configure: Configure) -> None:
    configure(GLOBAL_LIMITS=[[2, 3600]])
    send_code(new_phone(), "login")
    send_code(new_phone(), "login", ip="203.0.113.7")
    with pytest.raises(RateLimited) as refusal:
        send_code(new_phone(), "login")
    assert refusal.value.extras == {"limit": "global"}


def test_a_refused_send_costs_nobody_anything(
    phone: str, new_phone: NewPhone, configure: Configure, travel: Travel
) -> None:
    configure(IP_LIMITS=[[2, 3600]], GLOBAL_LIMITS=[[2, 3600]])
    send_code(phone, "login", ip="203.0.113.7")
    for _ in range(5):
        with pytest.raises(Cooldown):
            send_code(phone, "login", ip="203.0.113.7")
    send_code(new_phone(), "login", ip="203.0.113.7")


def test_a_shared_quota_comes_back_within_a_twelfth_of_its_window(
    new_phone: NewPhone, configure: Configure, travel: Travel
) -> None:
    configure(IP_LIMITS=[[1, 3600]])
    send_code(new_phone(), "login", ip="203.0.113.7")
    travel(3599)
    with pytest.raises(RateLimited) as refusal:
        send_code(new_phone(), "login", ip="203.0.113.7")
    assert refusal.value.retry_after
    assert refusal.value.retry_after <= 301
    travel(refusal.value.retry_after)
    send_code(new_phone(), "login", ip="203.0.113.7")


@effort(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    most=st.integers(1, 6),
    window=st.integers(10, 100),
    steps=st.lists(st.integers(0, 40), min_size=5, max_size=40),
)
@pytest.mark.parametrize("shared", [True, False])
def test_no_limit_is_ever_passed_and_each_wait_is_kept(
    shared: bool,
    most: int,
    window: int,
    steps: list[int],
    redis: Redis,
    new_phone: NewPhone,
    configure: Configure,
) -> None:
    """Any rhythm of sending: never more than `most` in `window`; after `retry_after` one passes."""
    redis.flushdb()
    one_limit, free = [[most, window]], [[100, 1]]
    configure(
        RESEND_INTERVAL=1,
        PHONE_LIMITS=free if shared else one_limit,
        IP_LIMITS=one_limit if shared else free,
    )
    phone, now = new_phone(), 0.0
    store.ahead_ms = 0
    taken: list[float] = []
    for step in steps:
        now += step
        store.ahead_ms = round(now * 1000)
        try:
            send_code(new_phone() if shared else phone, "login", ip="203.0.113.7")
        except RateLimited as refusal:
            now += refusal.retry_after or 0
            store.ahead_ms = round(now * 1000)
            send_code(new_phone() if shared else phone, "login", ip="203.0.113.7")
        except Cooldown:
            continue
        taken.append(now)
        # Redis' clock moves on by itself, by less than a second here.
        assert sum(1 for time in taken if time > now - window + 1) <= most


def test_a_plan_is_made_once() -> None:
    chosen = conf.get()
    assert limits.plan(chosen, ("ip",)) is limits.plan(chosen, ("ip",))


def test_a_quota_that_is_added_or_dropped_forgets_nothing_of_the_others(
    configure: Configure, new_phone: NewPhone
) -> None:
    hour, day, month = [5, 3600], [100, 86_400], [100, 2_592_000]
    for limits_now in ([hour], [hour, day], [hour, day, month], [hour, day], [hour]):
        configure(GLOBAL_LIMITS=limits_now)
        send_code(new_phone(), "login")
    with pytest.raises(RateLimited):
        send_code(new_phone(), "login")


@pytest.mark.parametrize("ip", ["not an address", "203.0.113.7:80", ""])
def test_an_address_that_is_none_is_the_callers_mistake(ip: str) -> None:
    with pytest.raises(ValueError, match="does not appear"):
        limits.network(ip)


@pytest.mark.parametrize(("before", "after"), [(3600, 86_400), (86_400, 3600), (60, 2_592_000)])
def test_a_quota_whose_window_was_changed_counts_at_once(
    before: int, after: int, configure: Configure, new_phone: Callable[[], str]
) -> None:
    configure(GLOBAL_LIMITS=[[9, before]])
    send_code(new_phone(), "login")
    configure(GLOBAL_LIMITS=[[3, after]])
    passed = 0
    with contextlib.suppress(RateLimited):
        for passed in range(5):  # noqa: B007
            send_code(new_phone(), "login")
    assert passed in (2, 3)  # whether or not the one before still counts
