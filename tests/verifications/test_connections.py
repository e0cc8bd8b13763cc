"""Each thread keeps a connection to Redis, and no call ever reads the answer to another."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis
from redis.connection import AbstractConnection

from verifications import scripts
from verifications.exceptions import CodeExpired, Unavailable
from verifications.services import send_code, verify_code

pytestmark = pytest.mark.redis

LastCode = Callable[[], str]


def _own() -> Any:
    return scripts.own_connection("default")


def test_a_thread_keeps_its_connection(phone: str) -> None:
    send_code(phone, "login")
    mine = _own()
    assert mine.is_connected
    with pytest.raises(CodeExpired):
        verify_code(phone, "pickup", "123456")
    assert _own() is mine


def test_one_that_redis_closed_is_opened_again(redis: Redis, phone: str) -> None:
    send_code(phone, "login")
    redis.client_kill_filter(_type="normal", skipme=True)
    with pytest.raises(CodeExpired):
        verify_code(phone, "pickup", "123456")


def test_an_answer_that_nobody_waited_for_is_dropped(phone: str, last_code: LastCode) -> None:
    send_code(phone, "login")
    mine = _own()
    mine.send_command("PING")
    assert mine.can_read(timeout=10)
    assert verify_code(phone, "login", last_code()) == f"+86{phone}"


class _Interrupted(BaseException):
    """Such as a worker's time limit."""


def test_after_an_interrupted_call_it_is_closed(
    phone: str, last_code: LastCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_code(phone, "login")
    with monkeypatch.context() as patched:
        patched.setattr(AbstractConnection, "read_response", _interrupt)
        with pytest.raises(_Interrupted):
            verify_code(phone, "pickup", "123456")
    assert verify_code(phone, "login", last_code()) == f"+86{phone}"


def _interrupt(*_: Any, **__: Any) -> None:
    raise _Interrupted


def test_a_fork_makes_its_own(phone: str) -> None:
    send_code(phone, "login")
    mine = _own()
    mine.pid = os.getpid() + 1  # as a child finds it
    assert _own() is not mine
    mine.pid = os.getpid()
    mine.disconnect()


def test_redis_that_refuses_a_script_is_unavailable(redis: Redis, phone: str) -> None:
    send_code(phone, "login")
    (key,) = redis.scan_iter("sms:{4}+*")
    redis.set(key, "something else")
    with pytest.raises(Unavailable):
        send_code(phone, "login")
    redis.delete(key)
    assert send_code(phone, "login").status == "sent"


def test_a_redis_that_forgot_the_scripts_is_told_them_again(redis: Redis, phone: str) -> None:
    send_code(phone, "login")
    socket = _own()._sock
    redis.script_flush()
    with pytest.raises(CodeExpired):
        verify_code(phone, "pickup", "123456")
    assert _own()._sock is socket  # a sentinel's connection cannot just be opened again
