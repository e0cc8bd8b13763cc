"""The timestamp: 14 digits, a real date in Shanghai, within 24 hours either way."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Sandbox
from sandbox.world import SHANGHAI
from tests.sandbox.client import Client, status

NOW = datetime(2026, 1, 1, 0, 0, 30, tzinfo=SHANGHAI)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


def send(timestamp: str) -> str:
    # The clock is given in UTC: the platform must still think in Shanghai's time.
    with Sandbox(clock=lambda: NOW.astimezone(UTC)) as box:
        client = Client(box)
        body = json.dumps(client.message()).encode()
        return status(client.post("SMS/TemplateSMS", body, timestamp=timestamp))


@pytest.mark.parametrize("shift", [timedelta(0), DAY, -DAY])
def test_within_a_day(shift: timedelta) -> None:
    assert send(f"{NOW + shift:%Y%m%d%H%M%S}") == "000000"


@pytest.mark.parametrize("shift", [DAY + SECOND, -DAY - SECOND])
def test_beyond_a_day(shift: timedelta) -> None:
    assert send(f"{NOW + shift:%Y%m%d%H%M%S}") == "111106"


@pytest.mark.parametrize(
    "timestamp",
    ["20260230000000", "20260101240000", "2026010100003", "202601010000300", "2026-01-01 000"],
)
def test_not_a_timestamp(timestamp: str) -> None:
    assert send(timestamp) == "111113"
