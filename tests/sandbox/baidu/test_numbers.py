"""`mobile`: each number has an outcome of its own."""

from typing import Any

import pytest

from tests.sandbox.baidu.client import Client


def rows(client: Client, mobile: str) -> list[dict[str, Any]]:
    body = client.send(mobile=mobile).json()
    assert body["code"] == "1000"
    found: list[dict[str, Any]] = body["data"]
    return found


def test_one(client: Client) -> None:
    (row,) = rows(client, "13800138000")
    assert (row["code"], row["mobile"]) == ("1000", "13800138000")
    head, number = row["messageId"].rsplit("_", 1)
    assert (len(head), number) == (36, "13800138000")


def test_a_bad_one_does_not_stop_the_others(client: Client) -> None:
    told = [(row["mobile"], row["code"]) for row in rows(client, "123,13800138000,,13900139000")]
    assert told == [
        ("123", "B:00010"),
        ("13800138000", "1000"),
        ("", "B:00010"),
        ("13900139000", "1000"),
    ]
    assert len(client.texts()) == 2


@pytest.mark.parametrize(
    "number",
    ["12345678901", "1380013800", "138001380000", "+8613800138000", "8613800138000", " 13800138000",
     "１３８００１３８０００", "+0912345678", "+12345"],
)  # fmt: skip
def test_bad(client: Client, number: str) -> None:
    assert [row["code"] for row in rows(client, number)] == ["B:00010"]
    assert client.texts() == []


def test_abroad(client: Client) -> None:
    assert [row["code"] for row in rows(client, "+886912345678,13800138000")] == ["1000", "1000"]
    phones = {text.phone for text in client.box.world.phones.messages()}
    assert phones == {"+886912345678", "+8613800138000"}


def test_a_repeated_one_is_texted_once(client: Client) -> None:
    assert [row["code"] for row in rows(client, "13800138000,13800138000")] == ["1000", "B:00005"]
    assert len(client.texts()) == 1


def test_two_hundred(client: Client) -> None:
    told = rows(client, ",".join(f"138{n:08d}" for n in range(200)))
    assert {row["code"] for row in told} == {"1000"}
    assert len({row["messageId"] for row in told}) == len(client.texts()) == 200
