"""clientToken: within three minutes the same request is answered again and texts nobody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Sandbox
from tests.sandbox.baidu.client import Account, Client, code


class Clock:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock, receipt_delay=0.01) as running:
        yield running


def test_the_first_answer_again(client: Client, clock: Clock) -> None:
    first = client.send(token="a")
    clock.now += timedelta(seconds=179)
    assert client.send(token="a").content == first.content
    assert len(client.texts()) == 1


def test_after_three_minutes_it_is_new(client: Client, clock: Clock) -> None:
    first = client.send(token="a")
    clock.now += timedelta(minutes=3)
    assert client.send(token="a").content != first.content
    assert len(client.texts()) == 2


def test_other_parameters(client: Client) -> None:
    client.send(token="a")
    answer = client.send(token="a", mobile="13900139000")
    assert (answer.status_code, code(answer)) == (403, "IdempotentParameterMismatch")
    assert len(client.texts()) == 1


def test_the_same_parameters_written_otherwise(client: Client) -> None:
    first = client.send(token="a")
    assert client.send(token="a", custom=None).content == first.content


def test_heads_the_message_ids(client: Client) -> None:
    data = client.send(token="a-1", mobile="13800138000,13900139000").json()["data"]
    assert [row["messageId"] for row in data] == ["a-1_13800138000", "a-1_13900139000"]


def test_another_token_is_another_request(client: Client) -> None:
    client.send(token="a")
    client.send(token="b")
    client.send()
    client.send()
    assert len(client.texts()) == 4


def test_a_refusal_leaves_the_token_free(client: Client) -> None:
    assert client.code(token="a", template="nothing") == "B:00007"
    assert client.code(token="a") == "1000"


def test_of_another_account_it_is_another(client: Client) -> None:
    client.send(token="a")
    broke = Account("sandboxbaiduak00000000000000000a", "sandboxbaidusk00000000000000000a")
    assert Client(client.box, broke).code(token="a") == "B:00018"


def test_many_at_once_send_once(client: Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        clients = [Client(client.box) for _ in range(16)]
        answers = list(pool.map(lambda each: each.send(token="a").content, clients))
    assert len(set(answers)) == 1
    assert len(client.texts()) == 1


@pytest.mark.parametrize("token", ["a" * 64, "be31b98c-5e41-4838-9830-9be700de5a20", "~!*'()+&=%"])
def test_allowed(client: Client, token: str) -> None:
    (row,) = client.send(token=token).json()["data"]
    assert row["messageId"] == f"{token}_13800138000"


@pytest.mark.parametrize("token", ["a" * 65, "令牌", "a b", "a\n"])
def test_refused(client: Client, token: str) -> None:
    answer = client.send(token=token)
    assert (answer.status_code, code(answer)) == (400, "InappropriateJSON")
    assert client.texts() == []


def test_lost_answer(client: Client) -> None:
    client.fault("empty")
    assert client.send(token="a").content == b""
    assert client.code(token="a") == "1000"
    assert len(client.texts()) == 1
