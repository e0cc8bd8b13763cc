"""What we ask of Redis: how often, under which names, and for how long."""

import os
import re
from collections.abc import Callable
from threading import get_ident
from typing import Any

import pytest
from redis import Redis
from redis.connection import AbstractConnection

from tests.conftest import wrong
from tests.verifications import kept
from verifications.exceptions import CodeIncorrect, Cooldown
from verifications.services import (
    Proof,
    exchange_code,
    look_up_code,
    redeem_proof,
    send_code,
    verify_code,
)

pytestmark = pytest.mark.redis

LastCode = Callable[[], str]

alone = pytest.mark.skipif(
    "TEST_REDIS" in os.environ, reason="in a cluster, a right code asks for its replica"
)


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The bytes of each write to Redis: one a round trip."""
    send_code("13700137000", "login")  # loads the scripts
    with pytest.raises(CodeIncorrect):
        verify_code("13700137000", "login", "000000")
    look_up_code(send_code("13700137001", "login", ip="203.0.113.8").id)
    seen: list[bytes] = []
    own = get_ident()
    original = AbstractConnection.send_packed_command

    def spy(self: AbstractConnection, command: Any, **more: Any) -> None:
        if get_ident() == own:  # counts of other tests may be on their way
            seen.append(command if isinstance(command, bytes) else b"".join(command))
        original(self, command, **more)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(AbstractConnection, "send_packed_command", spy)
    return seen


def _commands(trips: list[bytes]) -> list[bytes]:
    """The name of each command; a pipeline would have several in one write."""
    return [name for trip in trips for name in re.findall(rb"\*\d+\r\n\$\d+\r\n(\w+)\r\n", trip)]


def test_a_send_is_one_command_in_one_round_trip(trips: list[bytes], phone: str) -> None:
    send_code(phone, "login", ip="203.0.113.7")
    assert len(trips) == 1
    assert _commands(trips) == [b"EVALSHA"]


def test_a_refused_send_is_one_too(trips: list[bytes], phone: str) -> None:
    send_code(phone, "login")
    with pytest.raises(Cooldown):
        send_code(phone, "login")
    assert _commands(trips) == [b"EVALSHA", b"EVALSHA"]
    assert len(trips) == 2


@alone
def test_a_guess_is_one_command_in_one_round_trip(
    trips: list[bytes], phone: str, last_code: LastCode
) -> None:
    send_code(phone, "login")
    trips.clear()
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()))
    verify_code(phone, "login", last_code())
    assert len(trips) == 2
    assert _commands(trips) == [b"EVALSHA", b"EVALSHA"]


def test_a_look_at_a_code_is_one_too(trips: list[bytes], phone: str) -> None:
    pending = send_code(phone, "login")
    trips.clear()
    look_up_code(pending.id)
    assert _commands(trips) == [b"EVALSHA"]


@alone
def test_a_proof_costs_a_command_only_when_it_is_redeemed(
    trips: list[bytes], phone: str, last_code: LastCode
) -> None:
    send_code(phone, "reset_password")
    trips.clear()
    outcome = exchange_code(phone, "reset_password", last_code())
    assert isinstance(outcome, Proof)
    assert _commands(trips) == [b"EVALSHA"]
    redeem_proof(phone, "reset_password", outcome.proof)
    assert _commands(trips) == [b"EVALSHA", b"SET"]


def _all_of(redis: Any) -> dict[bytes, bytes]:
    """Every key and all it holds, as bytes to search in."""
    return {
        key: b" ".join(b"%s %s" % pair for pair in redis.hgetall(key).items())
        if redis.type(key) == b"hash"
        else redis.get(key)
        for key in redis.scan_iter("*")
    }


def _use_everything(phone: str, last_code: LastCode) -> str:
    send_code(phone, "reset_password", ip="203.0.113.7")
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "reset_password", wrong(last_code()))
    outcome = exchange_code(phone, "reset_password", last_code())
    assert isinstance(outcome, Proof)
    redeem_proof(phone, "reset_password", outcome.proof)
    return last_code()


def test_redis_holds_no_phone_no_address_and_no_code(
    redis: Redis, phone: str, last_code: LastCode
) -> None:
    send_code(phone, "login", ip="203.0.113.7")
    code = last_code()
    everything = b" ".join(b"%s %s" % item for item in _all_of(redis).items())
    for secret in (phone, phone[-8:], "203.0.113", code):
        assert secret.encode() not in everything


def test_every_key_is_ours_and_expires(redis: Redis, phone: str, last_code: LastCode) -> None:
    _use_everything(phone, last_code)
    keys = list(redis.scan_iter("*"))
    assert len(keys) == 5  # the phone, the address, the segment, everyone, the spent proof
    for key in keys:
        assert key.startswith(b"sms:{4}")  # one hash tag, so one slot of a cluster
        assert 0 < redis.ttl(key) <= 14 * 86_400


def test_a_state_goes_once_nothing_in_it_is_of_use(redis: Redis, phone: str) -> None:
    send_code(phone, "login")
    (key,) = redis.scan_iter("sms:{4}+*")
    assert redis.ttl(key) == 86_400


def test_a_wrong_guess_is_kept_as_long_as_it_counts(redis: Redis, phone: str) -> None:
    send_code(phone, "login")
    (key,) = redis.scan_iter("sms:{4}+*")
    redis.expire(key, 60)
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", "wrong")
    assert redis.ttl(key) == 3600


def test_a_counter_lives_as_long_as_it_counts(
    redis: Redis, new_phone: Callable[[], str], travel: Callable[[float], None]
) -> None:
    send_code(new_phone(), "login", ip="203.0.113.7")
    (key,) = redis.scan_iter("sms:{4}ip:*")
    longest = 86_400 * 13 // 12
    assert redis.ttl(key) == longest
    redis.expire(key, 600)
    travel(300)  # to another twelfth of an hour
    send_code(new_phone(), "login", ip="203.0.113.7")
    assert redis.ttl(key) == longest


def test_a_phone_used_for_years_does_not_gather_remains(
    redis: Redis, phone: str, travel: Callable[[float], None]
) -> None:
    for order in range(60):
        send_code(phone, "pickup", context=f"order {order}")
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "pickup", "wrong", context=f"order {order}")
        travel(86_400)
    (key,) = redis.scan_iter("sms:{4}+*")
    assert len(kept.fields(redis, key)) <= 14


def test_a_pending_code_is_small(redis: Redis, phone: str) -> None:
    send_code(phone, "login", ip="203.0.113.7")
    (key,) = redis.scan_iter("sms:{4}+*")
    assert (redis.memory_usage(key) or 0) in range(1, 161)
