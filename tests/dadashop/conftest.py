import pytest
from django.test import Client

from tests.dadashop.mall import Mall


@pytest.fixture
def mall(client: Client) -> Mall:
    return Mall(client)
