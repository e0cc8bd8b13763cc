"""The connection is reset before anything is taken."""

import pytest
import requests

from tests.sandbox.client import Client, dial
from tests.sandbox.vectors import VECTORS


def test_the_client_sees_a_reset(client: Client) -> None:
    client.fault("reset")
    with dial(client.box) as connection:
        connection.sendall(VECTORS[0].raw())
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_nothing_is_taken(client: Client) -> None:
    client.fault("reset")
    with pytest.raises(requests.exceptions.ConnectionError):
        client.send(reqId="a1")
    assert client.texts() == []
    assert client.code(reqId="a1") == "000000"
