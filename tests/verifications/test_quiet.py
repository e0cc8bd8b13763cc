"""Quiet hours, by the clock of the mall's shoppers."""

from datetime import UTC, datetime

import pytest

from tests.conftest import Configure
from verifications.quiet import quiet_until

NIGHT = ["22:00", "08:00"]
NOON = ["12:00", "14:00"]


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        (NIGHT, "2026-01-01T21:59:59.999+08:00", None),
        (NIGHT, "2026-01-01T22:00+08:00", "2026-01-02T08:00+08:00"),
        (NIGHT, "2026-01-01T23:59:59+08:00", "2026-01-02T08:00+08:00"),
        (NIGHT, "2026-01-02T00:00+08:00", "2026-01-02T08:00+08:00"),
        (NIGHT, "2026-01-02T07:59:59.999+08:00", "2026-01-02T08:00+08:00"),
        (NIGHT, "2026-01-02T08:00+08:00", None),
        (NIGHT, "2025-12-31T22:00+08:00", "2026-01-01T08:00+08:00"),
        (NIGHT, "2026-01-01T14:00Z", "2026-01-02T08:00+08:00"),
        (NIGHT, "2026-01-01T00:00Z", None),  # eight o'clock in Shanghai
        (NOON, "2026-01-01T12:00+08:00", "2026-01-01T14:00+08:00"),
        (NOON, "2026-01-01T14:00+08:00", None),
        (NOON, "2026-01-01T11:59+08:00", None),
        (["08:00", "08:00"], "2026-01-01T08:00+08:00", None),
        (None, "2026-01-01T23:00+08:00", None),
    ],
)
def test_a_moment_is_quiet_until_the_end(
    hours: list[str] | None, moment: str, end: str | None, configure: Configure
) -> None:
    configure(QUIET_HOURS=hours)
    found = quiet_until(datetime.fromisoformat(moment))
    assert found == (datetime.fromisoformat(end) if end else None)


def test_another_mall_has_another_clock(configure: Configure) -> None:
    configure(QUIET_HOURS=NIGHT, TIME_ZONE="Europe/Berlin")
    winter = datetime(2026, 1, 1, 21, 30, tzinfo=UTC)
    assert quiet_until(winter) == datetime(2026, 1, 2, 7, 0, tzinfo=UTC)
    # The clocks go forward on 29 March 2026, at two in the morning.
    change = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    assert quiet_until(change) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
