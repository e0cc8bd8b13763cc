"""A new key for the mall's services: beside the old one, then shown by them, then alone."""

from collections.abc import Callable

import pytest

from tests.rolling.house import WEBS, House
from tests.rolling.load import Client, crowd

pytestmark = pytest.mark.live


def test_every_notice_goes_out_once(house: House, new_phone: Callable[[], str]) -> None:
    old = house.environment["SERVICE_KEYS"]
    new, shown = f"{old}-and-one", [old]

    def notice(client: Client, phone: str) -> None:
        client.notify(phone, shown[-1])

    with crowd(house, new_phone, {notice: 3}) as people:
        house.environment["SERVICE_KEYS"] = f"{old},{new}"
        house.restart(*WEBS)
        people.go_on()
        shown.append(new)
        people.go_on()
        house.environment["SERVICE_KEYS"] = new
        house.restart(*WEBS)
