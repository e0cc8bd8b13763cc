"""`manage.py show_phone` says of a send what the send then says."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from redis import Redis

from tests.conftest import Configure, wrong
from verifications import inspection, store
from verifications.exceptions import CodeExpired, CodeIncorrect, TooManyAttempts, VerificationError
from verifications.inspection import Refusal
from verifications.providers import locmem
from verifications.services import send_code, verify_code

pytestmark = [pytest.mark.database, pytest.mark.redis]

HOME, AWAY = "203.0.113.7", "198.51.100.9"
Travel = Callable[[float], None]
WHAT = (
    st.sampled_from([0, 1]),
    st.sampled_from(["login", "register"]),
    st.sampled_from([HOME, AWAY, None]),
)
STEPS = st.one_of(
    st.tuples(st.just("send"), *WHAT),
    st.tuples(st.sampled_from(["guess", "verify"]), *WHAT),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 60, 300, 3600])),
)


@pytest.mark.parametrize("captcha", ["never", "adaptive"])
@given(history=st.lists(STEPS, max_size=25), guard=st.sampled_from(["record", "enforce"]))
@effort(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_says_what_a_send_then_says(
    captcha: str,
    guard: str,
    history: list[tuple[Any, ...]],
    configure: Configure,
    redis: Redis,
    travel: Travel,
) -> None:
    """Whatever has happened to a phone, its neighbour and the addresses."""
    configure(
        GUARD=guard,
        CAPTCHA=captcha,
        GUARD_BOUNDS={"ip": [3, 1.0], "prefix": [4, 1.0]},
        CAPTCHA_ABOVE={"ip": 4},
        PHONE_LIMITS=[[3, 600], [6, 7200]],
        STRANGER_LIMITS=[[2, 600]],
        FAILURE_LIMIT=[3, 3600],
        IP_LIMITS=[[6, 3600]],
        GLOBAL_LIMITS=[[9, 3600]],
    )
    redis.flushdb()
    locmem.outbox.clear()
    travel(0)
    pair, codes = ["13800138000", "13800138001"], dict[tuple[int, str], str]()
    for kind, *what in history:
        if kind == "wait":
            travel(*what)
            continue
        who, purpose, ip = what
        if kind == "send":
            _compare(pair[who], purpose, ip)
            if locmem.outbox:
                text = locmem.outbox[-1]
                codes[pair.index(text.phones[0][3:]), purpose] = text.params["code"]
                locmem.outbox.clear()
            continue
        code = codes.get((who, purpose), "000000")
        with suppress(CodeExpired, CodeIncorrect, TooManyAttempts):
            verify_code(pair[who], purpose, code if kind == "verify" else wrong(code), ip=ip)


def _compare(phone: str, purpose: str, ip: str | None) -> None:
    told, done = inspection.would_refuse(phone, purpose, ip), None
    try:
        send_code(phone, purpose, ip=ip)
    except VerificationError as refusal:
        done = Refusal(refusal.code, refusal.retry_after, refusal.extras.get("limit"))
    if told and told.retry_after == 1:
        return  # the moment may have passed in between
    if told and done and told.retry_after and done.retry_after:
        assert 0 <= told.retry_after - done.retry_after <= 1
        done.retry_after = told.retry_after
    assert told == done


def test_a_wait_that_is_told_is_the_one_that_is_needed(phone: str, travel: Travel) -> None:
    send_code(phone, "login")
    told = inspection.would_refuse(phone, "login")
    assert told is not None
    travel(told.retry_after or 0)
    assert inspection.would_refuse(phone, "login") is None
    assert store.ahead_ms > 0
