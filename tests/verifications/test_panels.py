"""The dashboard's numbers, from the sums of the hours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import pytest

from tests.conftest import Configure
from tests.verifications import texts
from tests.verifications.platforms import Fake
from verifications import breakers, panels, rollups
from verifications.latencies import Times
from verifications.models import Hour, HourlyAttempts, HourlyCount, Message
from verifications.providers import base
from verifications.services import send_code

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOW = datetime(2026, 1, 10, 4, 30, tzinfo=UTC)  # half past noon in Shanghai
THIS_HOUR = NOW.replace(minute=0)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(at: Callable[[str], None]) -> None:
    at(NOW.isoformat())


def _hour(start: datetime) -> Hour:
    return Hour.objects.get_or_create(start=start, defaults={"rolled_at": start})[0]


def _count(start: datetime, series: str, name: str, outcome: str, count: int) -> None:
    HourlyCount.objects.create(
        hour=_hour(start), series=series, name=name, outcome=outcome, count=count
    )


def _attempts(start: datetime, provider: str = "cloopen", **columns: Any) -> None:
    carrier = columns.pop("carrier", "mobile")
    HourlyAttempts.objects.create(hour=_hour(start), provider=provider, carrier=carrier, **columns)


def test_hours_up_to_a_week_then_days() -> None:
    last_day, week, month = (panels.last_days(days) for days in (1, 7, 30))
    assert (len(last_day.slots), last_day.slots[-1]) == (24, THIS_HOUR)
    assert (len(week.slots), week.since) == (168, THIS_HOUR - 167 * rollups.HOUR)
    assert (len(month.slots), month.daily) == (30, True)
    assert month.slots[-1].isoformat() == "2026-01-10T00:00:00+08:00"
    assert month.since.isoformat() == "2025-12-12T00:00:00+08:00"


def test_totals() -> None:
    for status in Message.Status.values:
        _count(THIS_HOUR, "message", "code:login", status, 1)
    _count(THIS_HOUR, "message", "code:login", "withheld", 5)
    _count(THIS_HOUR, "send_code", "login", "ok", 8)
    _count(THIS_HOUR, "send_code", "login", "cooldown", 3)
    _count(THIS_HOUR, "verify_code", "login", "ok", 6)
    _count(THIS_HOUR - 2 * DAY, "message", "code:login", "sent", 100)
    _attempts(THIS_HOUR, answer_100=1, arrival_more=1)
    _attempts(THIS_HOUR, "aliyun", answer_100=1)
    found = panels.totals(panels.last_days(1))
    assert found[:4] == (4, 1, 8, 6)  # sent, delivered, undelivered and unknown went out
    assert found.answer_ms == Times(75, 100, 100)
    assert found.arrival_s == Times(inf, inf, inf)


def test_nothing_yet() -> None:
    of = panels.last_days(1)
    assert panels.totals(of)[:4] == (0, 0, 0, 0)
    assert panels.totals(of).answer_ms == Times(None, None, None)
    assert {slot[1:] for slot in panels.timeline(of)} == {(0, 0, 0)}
    assert set(panels.funnel(of)) == {0}
    assert [panels.fates(of, "provider"), panels.refusals(of), panels.failures(of)] == [[], [], []]
    assert panels.rolled_at() is None


def test_by_the_hour() -> None:
    before = THIS_HOUR - rollups.HOUR
    _count(THIS_HOUR, "message", "code:login", "delivered", 3)
    _count(THIS_HOUR, "message", "notice:shipped", "sent", 2)
    _count(before, "message", "code:login", "failed", 9)
    _count(before, "verify_code", "login", "ok", 4)
    _count(before, "verify_code", "login", "code_expired", 1)
    *_, last, latest = panels.timeline(panels.last_days(1))
    assert (last, latest) == ((before, 0, 0, 4), (THIS_HOUR, 5, 3, 0))


def test_an_hour_that_begins_meanwhile_waits_for_the_next_look() -> None:
    of = panels.last_days(1)
    _count(THIS_HOUR + rollups.HOUR, "message", "code:login", "sent", 1)
    assert {slot.sent for slot in panels.timeline(of)} == {0}


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    midnight = datetime(2026, 1, 9, 16, tzinfo=UTC)
    _count(midnight - rollups.HOUR, "message", "code:login", "sent", 1)
    _count(midnight, "message", "code:login", "sent", 2)
    *_, yesterday, today = panels.timeline(panels.last_days(30))
    assert (yesterday.sent, today.sent) == (1, 2)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
def test_no_text_falls_between_the_days_of_other_zones(zone: str, configure: Configure) -> None:
    configure(TIME_ZONE=zone)
    for back in range(24 * 88):
        _count(THIS_HOUR - back * rollups.HOUR, "message", "code:login", "sent", 1)
    assert sum(slot.sent for slot in panels.timeline(panels.last_days(90))) == 24 * 88


def test_the_funnel_is_of_codes_alone() -> None:
    _count(THIS_HOUR, "send_code", "login", "ok", 8)
    _count(THIS_HOUR, "send_code", "login", "cooldown", 2)
    _count(THIS_HOUR, "message", "code:login", "delivered", 7)
    _count(THIS_HOUR, "message", "code:login", "unknown", 1)
    _count(THIS_HOUR, "message", "notice:shipped", "delivered", 50)
    _count(THIS_HOUR, "verify_code", "login", "ok", 6)
    assert panels.funnel(panels.last_days(1)) == (10, 8, 7, 6)


def test_platforms_and_carriers() -> None:
    _attempts(THIS_HOUR, taken=10, delivered=8, undelivered=1, rejected=1, answer_50=10)
    _attempts(THIS_HOUR - rollups.HOUR, taken=10, uncertain=2, unavailable=3, answer_more=1)
    _attempts(THIS_HOUR, "aliyun", carrier="unicom", taken=5, delivered=5, arrival_5=5)
    of = panels.last_days(1)
    cloopen, aliyun = panels.fates(of, "provider")
    assert cloopen[:7] == ("cloopen", 20, 1, 3, 2, 8, 1)
    assert cloopen.answer_ms.p50 == pytest.approx(38)
    assert cloopen.answer_ms.p99 == inf
    assert aliyun.arrival_s.p50 == pytest.approx(4.2)
    assert [fate.name for fate in panels.fates(of, "carrier")] == ["mobile", "unicom"]


def test_refusals_by_reason() -> None:
    for start in (THIS_HOUR, THIS_HOUR - rollups.HOUR):
        _count(start, "send_code", "login", "cooldown", 2)
        _count(start, "send_code", "register", "cooldown", 1)
        _count(start, "send_code", "login", "ok", 9)
        _count(start, "verify_code", "login", "code_expired", 4)
    assert panels.refusals(panels.last_days(1)) == [
        ("verify_code", "code_expired", 8),
        ("send_code", "cooldown", 6),
    ]


def test_the_latest_failures_come_first() -> None:
    _count(THIS_HOUR - rollups.HOUR, "platform", "cloopen", "160042", 5)
    _count(THIS_HOUR - rollups.HOUR, "carrier", "cloopen", "MK:0012", 50)
    _count(THIS_HOUR, "platform", "cloopen", "160042", 1)
    assert panels.failures(panels.last_days(1)) == [
        ("platform", "cloopen", "160042", 6, THIS_HOUR),
        ("carrier", "cloopen", "MK:0012", 50, THIS_HOUR - rollups.HOUR),
    ]


def test_breakers(first: Fake, second: Fake, configure: Configure, phone: str) -> None:
    for _ in range(5):
        breakers.report("first", ok=False)
    opened, closed = panels.breaker_states()
    assert (opened.platform, closed) == ("first", ("second", 0.0))
    assert 0 < opened.seconds_open <= 15


def test_from_a_text_to_the_dashboard(first: Fake, phone: str) -> None:
    first.error = base.Unavailable("HTTP 500")
    send_code(phone, "login")
    Message.objects.update(created_at=NOW)  # which Redis' clock says
    rollups.keep()
    of = panels.last_days(1)
    assert panels.totals(of).sent == 1
    assert {fate.name: fate.taken for fate in panels.fates(of, "provider")} == {
        "first": 0,
        "second": 1,
    }
    assert [one.code for one in panels.failures(of)] == ["HTTP 500"]


def test_what_chance_wrote_adds_up() -> None:
    texts.write(THIS_HOUR, 200)
    rollups.roll(THIS_HOUR)
    of = panels.last_days(1)
    sent = Message.objects.filter(withheld="").exclude(status__in=["queued", "failed", "expired"])
    assert panels.totals(of).sent == panels.timeline(of)[-1].sent == sent.count()
    delivered = sum(HourlyAttempts.objects.values_list("delivered", flat=True))
    for fates in (panels.fates(of, "provider"), panels.fates(of, "carrier")):
        assert sum(fate.delivered for fate in fates) == delivered
