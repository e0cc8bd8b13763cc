"""Workers restart one after another: what is asked for goes out once."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.databases import MissingError
from tests.queue.brokers import RabbitMQ, Valkey
from tests.rolling.house import WORKERS, House, queued
from tests.rolling.load import Client, crowd

pytestmark = pytest.mark.live


@pytest.fixture(params=[Valkey, RabbitMQ], ids=["redis", "rabbitmq"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, needs_nginx: None
) -> Iterator[House]:
    try:
        broker = request.param(tmp_path_factory.mktemp("broker"))
    except MissingError:
        assert os.environ.get("CI") != "true", "there is no rabbitmq-server"
        pytest.skip("there is no rabbitmq-server")
    with queued(broker, tmp_path_factory.mktemp("queued"), *WORKERS, "beat") as house:
        yield house


def _notice(client: Client, phone: str) -> None:
    client.notify(phone, client.house.environment["SERVICE_KEYS"])


def test_nothing_is_lost_and_nothing_doubled(house: House, new_phone: Callable[[], str]) -> None:
    with crowd(house, new_phone, {Client.log_in: 3, _notice: 1}) as people:
        for _ in range(2):
            for worker in WORKERS:
                house.restart(worker)
                people.go_on()
