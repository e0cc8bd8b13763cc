import pytest
from django.test import Client

from tests.dadashop import operators
from tests.dadashop.mall import Mall


@pytest.fixture
def mall(client: Client) -> Mall:
    return Mall(client)


@pytest.fixture
def operator(db: None, client: Client) -> Client:
    """A client that is logged in to the admin."""
    client.force_login(operators.superuser())
    return client
