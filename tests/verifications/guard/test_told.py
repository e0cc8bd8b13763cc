"""What operators are told of what the guard notices: each time in numbers, at times in words."""

import logging
import time

import pytest
from redis import Redis

from tests.conftest import Configure, Use
from tests.live import free_port
from tests.verifications.guard.conftest import HERE, NewPhone, send
from verifications import guard, metrics
from verifications.services import send_code

LOG = "verifications.guard"


def _said(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == LOG]


def test_an_address_is_named_as_it_is(
    apart: NewPhone, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure(GUARD="record")
    send(apart, 7)
    uneasy, alarmed = _said(caplog)
    assert uneasy.getMessage() == (
        f"guard (record): ip {HERE} is uneasy: of 3 texts asked for 0 were verified"
    )
    assert alarmed.getMessage() == (
        f"guard (record): ip {HERE} is alarmed: of 6 texts asked for 0 were verified"
    )
    assert [one.levelno for one in (uneasy, alarmed)] == [logging.WARNING, logging.ERROR]
    for record, level in ((uneasy, "uneasy"), (alarmed, "alarmed")):
        assert (record.limit, record.guard) == ("ip", level)  # type: ignore[attr-defined]


def test_a_segment_is_named_by_its_numbers_and_a_country_by_its_letters(
    configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure(
        GUARD="record",
        GUARD_BOUNDS={"prefix": [1, 1.0], "country": [1, 1.0]},
        ALLOWED_COUNTRIES=["CN", "HK"],
    )
    for last in (1, 2):
        send_code(f"+8525123456{last}", "login")
    named = {record.getMessage().split(" is ")[0] for record in _said(caplog)}
    assert named == {"guard (record): prefix +8525123****", "guard (record): country HK"}


def test_each_level_is_counted_with_each_send(apart: NewPhone, configure: Configure) -> None:
    configure(GUARD="record")
    levels = [metrics.GUARD.labels("ip", level) for level in ("uneasy", "alarmed")]
    before = [level._value.get() for level in levels]
    send(apart, 8)
    after = [level._value.get() for level in levels]
    assert [b - a for a, b in zip(before, after, strict=True)] == [3, 2]


def test_news_are_told_once_by_all_processes() -> None:
    assert guard._is_news("this")
    assert not guard._is_news("this")
    guard._told.clear()  # as in another process
    assert not guard._is_news("this")
    assert guard._is_news("that")


def test_after_ten_minutes_they_are_news_again(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert guard._is_news("this")
    (key,) = redis.scan_iter("sms:*spent:*")
    assert 590 < redis.ttl(key) <= 600
    redis.flushdb()
    now = time.monotonic()
    for later, news in ((590, False), (601, True)):
        monkeypatch.setattr(time, "monotonic", lambda later=later: now + later)
        assert guard._is_news("this") == news


def test_what_was_told_is_asked_of_redis_once(
    configure: Configure, use: Use, apart: NewPhone
) -> None:
    assert guard._is_news("this")
    use(f"redis://127.0.0.1:{free_port()}/0")
    assert not guard._is_news("this")


def test_without_redis_nothing_is_told_and_it_is_news_later(use: Use, configure: Configure) -> None:
    configure(REDIS_ALIAS="default")
    use(f"redis://127.0.0.1:{free_port()}/0")
    assert not guard._is_news("this")
    configure(REDIS_ALIAS="default")
    assert guard._is_news("this")


def test_what_was_told_takes_no_more_than_so_much_memory() -> None:
    never = time.monotonic() + 3600
    guard._told.update({str(number): never for number in range(9_999)})
    assert guard._is_news("one more")
    assert len(guard._told) == 10_000
    assert guard._is_news("too many")
    assert set(guard._told) == {"too many"}
