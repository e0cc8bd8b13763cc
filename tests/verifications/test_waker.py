"""Calls behind the requests' back: one for all who want it meanwhile, and again until it went."""

import os
from collections.abc import Callable
from threading import Event

import pytest

from tests.until import until
from verifications import request_ids, waker
from verifications.exceptions import Unavailable
from verifications.waker import Waker

_PATIENCE = 10  # seconds


class Calls:
    """A call that is noted, and fails while it is `away`."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.away = False
        self.meanwhile: Callable[[], object] = lambda: None
        self.went, self.failed = Event(), Event()

    def __call__(self) -> None:
        self.meanwhile()
        if self.away:
            self.failed.set()
            raise Unavailable
        self.made.append(request_ids.current())
        self.went.set()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    monkeypatch.setattr(waker, "_PATIENCE", 0.02)
    return Calls()


def test_it_calls_soon(calls: Calls) -> None:
    Waker(calls).wake()
    assert calls.went.wait(_PATIENCE)


def test_the_call_is_known_by_the_request_that_wanted_it(calls: Calls) -> None:
    own = request_ids.start()
    Waker(calls).wake()
    assert calls.went.wait(_PATIENCE)
    assert calls.made == [own]


def test_whoever_comes_during_a_call_has_another_one_for_all(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And soon: that is no failure, after which it would wait."""
    monkeypatch.setattr(waker, "_PATIENCE", 3600)
    under_way, go_on = Event(), Event()

    def hold() -> None:
        under_way.set()
        go_on.wait(_PATIENCE)

    calls.meanwhile = hold
    one = Waker(calls)
    one.wake()
    assert under_way.wait(_PATIENCE)
    for _ in range(100):
        one.wake()
    calls.meanwhile = lambda: None
    go_on.set()
    until(lambda: len(calls.made) == 2)
    assert not one._wanted.is_set()


def test_what_fails_is_tried_again(calls: Calls) -> None:
    calls.away = True
    one = Waker(calls)
    one.wake()
    assert calls.failed.wait(_PATIENCE)
    calls.away = False
    assert calls.went.wait(_PATIENCE)


def test_a_check_calls(calls: Calls) -> None:
    Waker(calls).check()
    assert len(calls.made) == 1


def test_a_call_vouches_for_the_checks_that_follow(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waker, "_TRUST", 3600)
    one = Waker(calls)
    for _ in range(3):
        one.check()
    assert len(calls.made) == 1


def test_a_failure_fails_the_checks_that_follow_at_once(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waker, "_PATIENCE", 3600)
    calls.away, asked = True, []
    calls.meanwhile = lambda: asked.append(1)
    one = Waker(calls)
    for _ in range(3):
        with pytest.raises(Unavailable):
            one.check()
    assert len(asked) == 1


def test_a_check_asks_again_once_that_is_old(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waker, "_PATIENCE", 0)
    calls.away = True
    one = Waker(calls)
    with pytest.raises(Unavailable):
        one.check()
    calls.away = False
    one.check()


def test_a_fork_makes_its_own_calls(calls: Calls) -> None:
    one = Waker(calls)
    one.wake()
    assert calls.went.wait(_PATIENCE)
    reading, writing = os.pipe()
    calls.meanwhile = lambda: os.write(writing, b"x")
    if not (child := os.fork()):
        one.wake()
        Event().wait(_PATIENCE)
        os._exit(0)
    try:
        assert os.read(reading, 1) == b"x"
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)
