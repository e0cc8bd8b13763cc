"""Faults that keep the client waiting."""

import time

import pytest
import requests

from sandbox import Sandbox
from tests.sandbox.client import Client

KINDS = ["timeout_before", "timeout_after"]


def wait_out(client: Client, **changes: object) -> None:
    client.timeout = 0.2
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.send(**changes)
    client.timeout = 5


@pytest.mark.parametrize(("kind", "taken"), [("timeout_before", 0), ("timeout_after", 1)])
def test_no_answer(client: Client, kind: str, taken: int) -> None:
    client.fault(kind)
    wait_out(client)
    assert len(client.texts()) == taken


@pytest.mark.parametrize(
    ("kind", "code"), [("timeout_before", "000000"), ("timeout_after", "160054")]
)
def test_the_same_req_id_again(client: Client, kind: str, code: str) -> None:
    client.fault(kind)
    wait_out(client, reqId="a1")
    assert client.code(reqId="a1") == code


@pytest.mark.parametrize("kind", KINDS)
def test_after_the_delay_the_connection_closes(client: Client, kind: str) -> None:
    client.fault(kind, delay=0.2)
    start = time.monotonic()
    with pytest.raises(requests.exceptions.ConnectionError):
        client.send()
    assert 0.15 < time.monotonic() - start < 2


@pytest.mark.parametrize("kind", [*KINDS, "slow"])
def test_others_are_not_held_up(client: Client, kind: str) -> None:
    client.fault(kind)
    client.timeout = 0.2
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.send()
    assert Client(client.box, timeout=1).code(to="13900139000") == "000000"


@pytest.mark.parametrize("kind", [*KINDS, "slow"])
def test_the_end_of_the_sandbox_is_not_held_up(kind: str) -> None:
    with Sandbox() as box:
        client = Client(box, timeout=0.2)
        client.fault(kind, delay=600)
        with pytest.raises(requests.exceptions.ReadTimeout):
            client.send()
        start = time.monotonic()
    assert time.monotonic() - start < 1


def test_slow(client: Client) -> None:
    client.fault("slow", delay=0.3)
    start = time.monotonic()
    assert client.code() == "000000"
    assert 0.25 < time.monotonic() - start < 2
    assert client.code() == "000000"


def test_slow_for_a_client_that_left_is_still_taken(client: Client) -> None:
    client.fault("slow", delay=0.5)
    wait_out(client)
    assert len(client.texts()) == 1
