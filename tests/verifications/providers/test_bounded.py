"""What is read of a socket: so many bytes, within so much time from the first look at it."""

import logging
import socket
import time
from collections.abc import Iterator

import pytest

from tests.verifications.providers.accounts import build
from tests.verifications.providers.answering import Answering
from verifications.providers import SendError, Text, wire

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.settimeout(0.5)
    with ours, theirs:
        yield ours, theirs


def _read(bounded: wire._Bounded, most: int = 4) -> int | None:
    return bounded.readinto(bytearray(most))


def test_an_answer_may_be_a_byte_shorter_than_what_is_too_long(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST", 5)
    bounded = wire._Bounded(pair[0])
    pair[1].sendall(b"1234")
    assert _read(bounded) == 4
    pair[1].shutdown(socket.SHUT_WR)
    assert [_read(bounded) for _ in range(3)] == [0, 0, 0]  # its end is no byte


def test_what_is_too_long_is_called_that(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST", 4)
    bounded = wire._Bounded(pair[0])
    pair[1].sendall(b"12345678")
    assert _read(bounded) == 4
    with pytest.raises(OSError, match=r"^the answer is too long$"):
        _read(bounded)


def test_less_than_a_second_is_time_enough(pair: Pair) -> None:
    bounded = wire._Bounded(pair[0])
    pair[1].sendall(b"1234")
    assert _read(bounded) == 4
    assert pair[0].gettimeout() == 0.5


@pytest.mark.parametrize("late", [0.5, 0.6, 60])
def test_what_takes_too_long_is_called_that(
    late: float, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began)
    bounded = wire._Bounded(pair[0])
    pair[1].sendall(b"1234")
    monkeypatch.setattr(time, "monotonic", lambda: began + late)
    with pytest.raises(TimeoutError, match=r"^the answer takes too long$"):
        _read(bounded)


def test_a_peer_that_says_nothing_is_left(pair: Pair) -> None:
    pair[0].settimeout(0.05)
    with pytest.raises(TimeoutError):
        _read(wire._Bounded(pair[0]))


def test_where_no_time_is_set_there_is_no_bound(pair: Pair) -> None:
    pair[0].settimeout(None)
    bounded = wire._Bounded(pair[0])
    pair[1].sendall(b"1234")
    assert _read(bounded) == 4


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_platform_is_asked_once_and_read_with_care(scheme: str) -> None:
    adapter = wire.session().get_adapter(f"{scheme}://sms.example.com/")
    assert isinstance(adapter, wire._Adapter)
    assert adapter.max_retries.total == 0


def test_of_an_answer_nothing_is_logged_that_is_fine(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    provider = build("cloopen", base_url=answering(200, b"{}"))
    with caplog.at_level(logging.WARNING), pytest.raises(SendError):
        provider.send(Text(["+8613800138000"], "1", {}, "a"))
    assert not [one for one in caplog.records if one.name.startswith("urllib3")]
