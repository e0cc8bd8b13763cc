"""`subAppend`: exactly four digits."""

import pytest

from tests.sandbox.client import Client


@pytest.mark.parametrize("value", ["0000", "8888"])
def test_allowed(client: Client, value: str) -> None:
    assert client.code(subAppend=value) == "000000"


@pytest.mark.parametrize("value", ["", "1", "123", "12345", "12a4", "１２３４", "123\n"])
def test_refused(client: Client, value: str) -> None:
    assert client.code(subAppend=value) == "160065"
