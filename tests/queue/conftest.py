import os
from collections.abc import Iterator

import pytest

from tests.databases import MissingError
from tests.queue.brokers import Broker, RabbitMQ, Valkey
from tests.queue.stack import Stack

_BROKERS: dict[str, type[Valkey] | type[RabbitMQ]] = {"redis": Valkey, "rabbitmq": RabbitMQ}


@pytest.fixture(scope="package", params=_BROKERS)
def broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Broker]:
    try:
        broker = _BROKERS[request.param](tmp_path_factory.mktemp(request.param))
    except MissingError:
        assert os.environ.get("CI") != "true", "there is no rabbitmq-server"
        pytest.skip("there is no rabbitmq-server")
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


@pytest.fixture(scope="package")
def stack(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("stack"), broker)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
