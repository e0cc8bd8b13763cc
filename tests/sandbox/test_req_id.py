"""`reqId`: up to 32 letters and digits, once an account and a day in Shanghai."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Sandbox
from sandbox.accounts import CLOOPEN
from sandbox.cloopen.codes import PlatformError
from sandbox.cloopen.sms import RequestIds
from sandbox.world import SHANGHAI
from tests.sandbox.client import Client


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 1, 1, 23, 59, 59, tzinfo=SHANGHAI).astimezone(UTC))


@pytest.fixture
def box(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as running:
        yield running


@pytest.mark.parametrize("req_id", ["a", "0", "Z" * 32])
def test_allowed(client: Client, req_id: str) -> None:
    assert client.code(reqId=req_id) == "000000"


@pytest.mark.parametrize(
    ("req_id", "code"), [("a" * 33, "160055"), ("", "160031"), ("a-b", "160031"), ("号", "160031")]
)
def test_refused(client: Client, req_id: str, code: str) -> None:
    assert client.code(reqId=req_id) == code


def test_twice_in_a_day(client: Client) -> None:
    assert client.code(reqId="a1") == "000000"
    assert client.code(reqId="a1", to="13900139000") == "160054"
    assert len(client.texts()) == 1


def test_capitals_make_another(client: Client) -> None:
    assert [client.code(reqId="a1"), client.code(reqId="A1")] == ["000000"] * 2


def test_without_one_nothing_is_unique(client: Client) -> None:
    assert [client.code(), client.code()] == ["000000"] * 2


def test_the_day_ends_at_midnight_in_shanghai(client: Client, clock: Clock) -> None:
    client.send(reqId="a1")
    clock.at += timedelta(seconds=1)
    assert client.code(reqId="a1") == "000000"
    assert client.code(reqId="a1") == "160054"


def test_the_day_does_not_end_at_midnight_elsewhere(client: Client, clock: Clock) -> None:
    clock.at = datetime(2026, 1, 1, 23, 59, 59, tzinfo=UTC)
    client.send(reqId="a1")
    clock.at += timedelta(seconds=1)
    assert client.code(reqId="a1") == "160054"


def test_a_refused_request_does_not_use_it_up(client: Client) -> None:
    assert client.code(reqId="a1", to="1") == "160042"
    assert client.code(reqId="a1") == "000000"


def test_of_ten_at_once_one_is_taken(client: Client) -> None:
    with ThreadPoolExecutor(10) as pool:
        clients = [Client(client.box) for _ in range(10)]
        codes = list(pool.map(lambda each: each.code(reqId="a1"), clients))
    assert sorted(codes) == ["000000", *["160054"] * 9]
    assert len(client.texts()) == 1


def test_accounts_do_not_share_them() -> None:
    taken, day = RequestIds(), datetime(2026, 1, 1, tzinfo=SHANGHAI).date()
    taken.take(CLOOPEN[0].sid, "a1", day)
    taken.take(CLOOPEN[1].sid, "a1", day)
    with pytest.raises(PlatformError):
        taken.take(CLOOPEN[1].sid, "a1", day)


def test_requests_of_two_days_may_cross_at_midnight() -> None:
    taken, day = RequestIds(), datetime(2026, 1, 2, tzinfo=SHANGHAI).date()
    taken.take(CLOOPEN[0].sid, "a1", day)
    taken.take(CLOOPEN[0].sid, "a1", day - timedelta(days=1))
    with pytest.raises(PlatformError):
        taken.take(CLOOPEN[0].sid, "a1", day)


def test_days_gone_by_need_no_memory() -> None:
    taken, day = RequestIds(), datetime(2026, 1, 2, tzinfo=SHANGHAI).date()
    for days in range(5):
        taken.take(CLOOPEN[0].sid, "a1", day + timedelta(days=days))
    assert len(taken._taken) <= 3
