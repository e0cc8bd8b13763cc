import pytest

from sandbox import Sandbox
from tests.sandbox.baidu.client import Client


@pytest.fixture
def client(box: Sandbox) -> Client:
    return Client(box)
