import pytest

from sandbox import Sandbox
from tests.sandbox.tencent.client import Client


@pytest.fixture
def client(box: Sandbox) -> Client:
    return Client(box)
