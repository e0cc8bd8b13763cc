"""Web servers restart one after another, and nobody notices."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.rolling.house import WEBS, House
from tests.rolling.load import Client, crowd, shoppers
from tests.until import until

pytestmark = pytest.mark.live


def test_every_request_is_answered(house: House, new_phone: Callable[[], str]) -> None:
    with crowd(house, new_phone, shoppers()) as people:
        for _ in range(2):
            for web in WEBS:
                house.restart(web)
                people.go_on()


def test_what_is_under_way_is_finished(house: House, phone: str) -> None:
    """The platform has the text and takes its time to say so."""
    house.fault(kind="slow", phone=f"+86{phone}", delay=1)
    asking = Client(house, house.at["web-1"])
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(asking.send, phone)
        until(lambda: house.texts(phone))
        house.restart("web-1")
        assert answer.result().status_code == 202
    assert len(house.texts(phone)) == 1
