"""`to`: 1 to 200 mainland numbers, each once."""

import pytest

from tests.sandbox.client import Client


def numbers(count: int) -> str:
    return ",".join(f"138{n:08d}" for n in range(count))


@pytest.mark.parametrize("to", [None, ""])
def test_none(client: Client, to: str | None) -> None:
    assert client.code(to=to) == "112306"


@pytest.mark.parametrize("to", ["13800138000,", ",13800138000", "13800138000,,13900139000"])
def test_an_empty_one_among_them(client: Client, to: str) -> None:
    assert client.code(to=to) == "160044"


@pytest.mark.parametrize(
    "number",
    [
        "1380013800",
        "138001380000",
        "12800138000",
        "23800138000",
        "+8613800138000",
        "8613800138000",
        "138 0013 8000",
        "13800138000 ",
        "１３８００１３８０００",
        "1380013800a",
        "13800138000;",
        "\n",
    ],
)
def test_one_bad(client: Client, number: str) -> None:
    assert client.code(to=number) == "160042"
    assert client.code(to=f"13900139000,{number}") == "160042"
    assert client.texts() == []


def test_several_bad(client: Client) -> None:
    assert client.code(to="123,13800138000,456") == "112316"


def test_repeated(client: Client) -> None:
    assert client.code(to="13800138000,13900139000,13800138000") == "160045"
    assert client.texts() == []


def test_two_hundred(client: Client) -> None:
    assert client.code(to=numbers(200)) == "000000"
    assert len({text["phone"] for text in client.texts()}) == 200


def test_more_than_two_hundred(client: Client) -> None:
    assert client.code(to=numbers(201)) == "160048"
    assert client.texts() == []
