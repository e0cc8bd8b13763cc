"""GET /sandbox/messages/counts: how many texts each phone ever received."""

from sandbox.phones import Phones, Text
from tests.sandbox.client import TIMEOUT, Client


def counts(client: Client) -> dict[str, int]:
    answer = client.session.get(f"{client.box.url}/sandbox/messages/counts", timeout=TIMEOUT)
    told: dict[str, int] = answer.json()
    return told


def test_each_phone_in_full(client: Client) -> None:
    assert counts(client) == {}
    client.send(to="13800138000,13900139000")
    client.send()
    client.send(to="1")
    assert counts(client) == {"+8613800138000": 2, "+8613900139000": 1}


def test_starts_anew_when_the_texts_are_forgotten(client: Client) -> None:
    client.send()
    client.session.delete(f"{client.box.url}/sandbox/messages", timeout=TIMEOUT)
    assert counts(client) == {}
    client.send()
    assert counts(client) == {"+8613800138000": 1}


def test_texts_beyond_the_memory_count_too() -> None:
    phones = Phones(capacity=2)
    for n in range(5):
        phones.receive(Text("+8613800138000", str(n), "cloopen", "1", "2026-01-01T00:00:00+08:00"))
    assert len(phones.messages()) == 2
    assert phones.counts() == {"+8613800138000": 5}


def test_is_for_get(client: Client) -> None:
    url = f"{client.box.url}/sandbox/messages/counts"
    answer = client.session.delete(url, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
