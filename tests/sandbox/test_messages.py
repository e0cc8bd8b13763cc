"""What the phones received, as GET /sandbox/messages tells it."""

from datetime import datetime, timedelta

import pytest

from sandbox.phones import Phones, Text
from tests.sandbox.client import TIMEOUT, Client


def test_shape(client: Client) -> None:
    client.send()
    (text,) = client.texts()
    assert set(text) == {"phone", "text", "provider", "template", "at"}
    assert (text["phone"], text["provider"], text["template"]) == ("+8613800138000", "cloopen", "1")
    assert datetime.fromisoformat(text["at"]).utcoffset() == timedelta(hours=8)


def test_newest_first(client: Client) -> None:
    for code in ("1111", "2222"):
        client.send(datas=[code, "5"])
    assert ["2222" in text["text"] for text in client.texts()] == [True, False]


@pytest.mark.parametrize(
    "form",
    ["13800138000", "+8613800138000", "8613800138000", "008613800138000", "138 0013-8000"],
)
def test_by_phone_in_any_form(client: Client, form: str) -> None:
    client.send(to="13900139000,13800138000")
    assert [text["phone"] for text in client.texts(phone=form)] == ["+8613800138000"]


def test_plus_sign_that_became_a_blank(client: Client) -> None:
    client.send()
    url = f"{client.box.url}/sandbox/messages?phone=+8613800138000"
    assert len(client.session.get(url, timeout=TIMEOUT).json()) == 1


def test_limit(client: Client) -> None:
    client.send(to="13900139000,13800138000")
    assert [text["phone"] for text in client.texts(limit="1")] == ["+8613800138000"]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=50001", "tel=1", "limit=1&limit=2"])
def test_wrong_query(client: Client, query: str) -> None:
    answer = client.session.get(f"{client.box.url}/sandbox/messages?{query}", timeout=TIMEOUT)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_clear(client: Client) -> None:
    client.send()
    answer = client.session.delete(f"{client.box.url}/sandbox/messages", timeout=TIMEOUT)
    assert answer.status_code == 200
    assert client.texts() == []


def test_unchanged_is_told_by_etag(client: Client) -> None:
    url = f"{client.box.url}/sandbox/messages"
    etag = client.session.get(url, timeout=TIMEOUT).headers["ETag"]
    again = {"If-None-Match": etag}
    assert client.session.get(url, headers=again, timeout=TIMEOUT).status_code == 304
    client.send()
    assert client.session.get(url, headers=again, timeout=TIMEOUT).status_code == 200


def test_memory_is_bounded() -> None:
    phones = Phones(capacity=3)
    for n in range(5):
        phones.receive(Text("+8613800138000", str(n), "cloopen", "1", "2026-01-01T00:00:00+08:00"))
    assert [text.text for text in phones.messages()] == ["4", "3", "2"]
