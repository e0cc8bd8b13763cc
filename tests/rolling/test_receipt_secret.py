"""A new RECEIPT_SECRET: beside the old one, then in the consoles, then alone."""

from collections.abc import Callable

import pytest

from tests.rolling.house import WEBS, House
from tests.rolling.load import crowd, shoppers
from tests.until import until

pytestmark = pytest.mark.live


def test_every_report_is_heard(house: House, new_phone: Callable[[], str]) -> None:
    old = house.environment["RECEIPT_SECRET"]
    new = f"{old}-and-one"
    with crowd(house, new_phone, shoppers()) as people:
        house.environment["RECEIPT_SECRET"] = f"{new},{old}"
        house.restart(*WEBS)
        people.go_on()
        house.report_with(new)
        # They are pushed one at a time: so nothing is under way to the old URL any more.
        wanted = house.reports() + 2
        until(lambda: house.reports() >= wanted)
        house.environment["RECEIPT_SECRET"] = new
        house.restart(*WEBS)
    until(lambda: not house.messages("sent"))
