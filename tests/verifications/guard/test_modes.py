"""Recording refuses nobody and tells; off counts nothing."""

import logging
from typing import Any

import pytest

from tests.conftest import Configure
from tests.verifications.guard.conftest import (
    HERE,
    NewPhone,
    send,
)
from verifications import metrics

pytestmark = pytest.mark.redis


def test_recording_refuses_nobody_and_tells(
    apart: NewPhone, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure(GUARD="record")
    alarms = metrics.GUARD.labels("ip", "alarmed")
    before = alarms._value.get()
    with caplog.at_level(logging.WARNING, "verifications.guard"):
        send(apart, 10)
    assert alarms._value.get() - before == 4
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert [level for level, _ in said] == ["WARNING", "ERROR"]  # once each, however many there are
    assert all(HERE in words for _, words in said)
    asked = [words.partition("of ")[2] for _, words in said]
    assert asked == [f"{n} texts asked for 0 were verified" for n in (3, 6)]


def test_off_counts_nothing(apart: NewPhone, configure: Configure, redis: Any) -> None:
    configure(GUARD="off", IP_LIMITS=[], PREFIX_LIMITS=[], GLOBAL_LIMITS=[])
    send(apart, 10)
    assert not list(redis.scan_iter("sms:{4}ip:*"))
