"""A new DADASHOP_SECRET_KEY, by the three steps of docs/operations.md."""

from collections.abc import Callable, Iterator

import pytest

from tests.queue.brokers import Valkey
from tests.rolling.house import House, queued
from tests.rolling.load import Client, crowd, shoppers

pytestmark = pytest.mark.live

_OLD, _NEW = "the-key-of-the-first-day", "the-key-of-the-second-day"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory, needs_nginx: None) -> Iterator[House]:
    broker = Valkey(tmp_path_factory.mktemp("broker"))
    with queued(broker, tmp_path_factory.mktemp("queued"), "worker-codes") as house:
        yield house


def _set(house: House, key: str, *fallbacks: str) -> None:
    """For all that starts from now on."""
    house.environment["DADASHOP_SECRET_KEY"] = key
    house.environment["DADASHOP_SECRET_KEY_FALLBACKS"] = ",".join(fallbacks)


def _roll(house: House, new_phone: Callable[[], str]) -> None:
    """One of each kind still has the keys of before when the others have those of now."""
    before, now = Client(house, house.at["web-2"]), Client(house, house.at["web-1"])
    house.restart("web-1")
    phones = new_phone(), new_phone()
    house.end("worker-codes")
    for client, phone in zip((before, now), phones, strict=True):
        assert client.send(phone).json()["status"] == "queued"
    house.start("worker-codes")
    for client, phone in zip((now, before), phones, strict=True):
        assert client.verify(phone, client.code(phone)).status_code == 200
    house.restart("web-2")


def test_nobody_notices(house: House, new_phone: Callable[[], str]) -> None:
    client, waiting = Client(house), new_phone()
    token = client.log_in(new_phone())
    client.send(waiting)
    with crowd(house, new_phone, shoppers(3)) as people:
        for keys in ((_OLD, _NEW), (_NEW, _OLD)):
            _set(house, *keys)
            _roll(house, new_phone)
            people.go_on()
            assert client.me(token).status_code == 200
            assert client.send(waiting).json()["code"] == "cooldown"
        assert client.verify(waiting, client.code(waiting)).status_code == 200
        token, waiting = client.log_in(new_phone()), new_phone()
        client.send(waiting)
        _set(house, _NEW)
        _roll(house, new_phone)
    assert client.me(token).status_code == 200
    assert client.send(waiting).json()["code"] == "cooldown"
    assert client.verify(waiting, client.code(waiting)).status_code == 200
