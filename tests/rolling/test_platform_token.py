"""A platform's console gives out a new token, and the old one is good for nothing at once: another
platform stands in until the web servers have the new one."""

from collections.abc import Callable

import pytest

from tests.rolling.house import WEBS, House
from tests.rolling.load import Client, crowd, shoppers
from tests.until import until

pytestmark = pytest.mark.live


def test_every_code_arrives(house: House, new_phone: Callable[[], str]) -> None:
    client, token = Client(house), house.environment["CLOOPEN_AUTH_TOKEN"][::-1]

    def platform() -> str:
        client.log_in(phone := new_phone())
        (text,) = house.sandbox.world.phones.messages(phone, 10)
        return text.provider

    with crowd(house, new_phone, shoppers()) as people:
        house.environment["CLOOPEN_AUTH_TOKEN"] = token
        house.set_token(token)
        assert platform() == "aliyun"
        people.go_on()
        house.restart(*WEBS)
        until(lambda: platform() == "cloopen")  # its breaker may be open for a while
