from collections.abc import Iterator

import pytest

from sandbox import Sandbox
from tests.sandbox.client import Client


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(receipt_delay=0.01) as running:
        yield running


@pytest.fixture
def client(box: Sandbox) -> Client:
    return Client(box)
