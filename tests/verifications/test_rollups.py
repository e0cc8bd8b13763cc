"""The sums of an hour are what a recount finds, however often and however late they are made."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.verifications import texts
from tests.verifications.racing import race
from verifications import phones, rollups, tally
from verifications.exceptions import Unavailable
from verifications.models import DeliveryAttempt, Hour, HourlyAttempts, HourlyCount, Message
from verifications.models.rollups import ANSWER_MS, ANSWERS, ARRIVAL_S, ARRIVALS

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

START = datetime(2026, 1, 1, 4, tzinfo=UTC)
_PLAIN = ("taken", "rejected", "unavailable", "uncertain", "delivered", "undelivered")
Travel = Callable[[float], None]


def _counts(series: str) -> Counter[tuple[str, str]]:
    rows = HourlyCount.objects.filter(series=series).values_list("name", "outcome", "count")
    return Counter({(name, outcome): count for name, outcome, count in rows})


def _sums() -> dict[tuple[str, str], Counter[str]]:
    columns = [*_PLAIN, *ANSWERS, *ARRIVALS]
    return {
        (row.provider, row.carrier): +Counter({name: getattr(row, name) for name in columns})
        for row in HourlyAttempts.objects.all()
    }


def _recount() -> dict[tuple[str, str], Counter[str]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for one in DeliveryAttempt.objects.select_related("message").filter(message__withheld=""):
        key = one.provider, phones.carrier(one.message.phone[:7])
        found.setdefault(key, Counter()).update(_columns(one))
    return found


def _columns(one: DeliveryAttempt) -> list[str]:
    columns = [one.arrival] if one.arrival else []
    if one.latency_ms is not None:
        columns.append(ANSWERS[bisect_left(ANSWER_MS, one.latency_ms)])
    if one.arrival == "delivered" and one.arrived_at:
        seconds = (one.arrived_at - one.started_at).total_seconds()
        columns.append(ARRIVALS[bisect_left(ARRIVAL_S, seconds)])
    if one.outcome == "sent" or one.arrival:
        columns.append("taken")
    elif one.outcome in ("rejected", "uncertain") or (
        one.outcome == "unavailable" and one.latency_ms is not None
    ):
        columns.append(one.outcome)
    return columns


@pytest.mark.parametrize("seed", range(5))
def test_what_a_recount_finds(seed: int) -> None:
    texts.write(START, 300, seed)
    texts.write(START - timedelta(hours=1), 20, seed)  # which are of another hour
    texts.write(START + timedelta(hours=1), 20, seed)
    assert rollups.roll(START)
    Message.objects.exclude(created_at__gte=START, created_at__lt=START + rollups.HOUR).delete()
    assert _sums() == _recount()
    assert _counts("message") == Counter(
        (f"{one.kind}:{one.template}", "withheld" if one.withheld else one.status)
        for one in Message.objects.all()
    )
    tries = DeliveryAttempt.objects.filter(message__withheld="")
    assert _counts("platform") == Counter(tries.exclude(code="").values_list("provider", "code"))
    assert _counts("carrier") == Counter(
        tries.filter(arrival="undelivered").values_list("provider", "arrival_code")
    )


def test_both_ends_of_an_hour() -> None:
    texts.write(START, 2)
    first, last = Message.objects.all()
    Message.objects.filter(pk=first.pk).update(created_at=START)
    Message.objects.filter(pk=last.pk).update(created_at=START + timedelta(hours=1))
    rollups.roll(START)
    assert _counts("message").total() == 1


def _everything() -> list[Any]:
    rows: list[Any] = [*HourlyCount.objects.order_by("series", "name", "outcome").values()]
    rows += HourlyAttempts.objects.order_by("provider", "carrier").values()
    for row in rows:
        del row["id"]
    return rows


def test_once_more_changes_nothing(travel: Travel) -> None:
    texts.write(START, 100)
    rollups.roll(START)
    before = _everything()
    travel(60)
    assert rollups.roll(START)
    assert _everything() == before


def test_a_late_report_counts_for_the_hour_of_its_text(travel: Travel) -> None:
    texts.write(START, 1)
    message = Message.objects.get()
    DeliveryAttempt.objects.all().delete()
    Message.objects.update(status="sent", withheld="")
    one = texts.attempt(message, outcome="sent", latency_ms=80)
    one.save()
    rollups.roll(START)
    assert [sums["delivered"] for sums in _sums().values()] == [0]
    travel(60)
    one.arrival, one.arrived_at = "delivered", one.started_at + timedelta(days=2)
    one.save()
    Message.objects.update(status="delivered")
    rollups.roll(START)
    assert [(sums["delivered"], sums["arrival_more"]) for sums in _sums().values()] == [(1, 1)]
    assert set(_counts("message")) == {(f"{message.kind}:{message.template}", "delivered")}


def test_what_another_process_summed_up_later_stays(travel: Travel) -> None:
    texts.write(START, 10)
    travel(60)
    rollups.roll(START)
    before = _everything()
    Message.objects.update(status="failed")
    travel(-30)
    assert not rollups.roll(START)
    assert _everything() == before


def test_deleted_texts_stay_counted(travel: Travel) -> None:
    texts.write(START, 10)
    rollups.roll(START)
    before = _everything()
    Message.objects.all()[0].delete()
    travel(60)
    assert not rollups.roll(START)
    assert _everything() == before


def test_only_the_commonest_codes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "_MOST_CODES", 2)
    texts.write(START, 1)
    message = Message.objects.get()
    Message.objects.update(withheld="")
    codes = ["a", "b", "b", "c", "c", "c"]
    DeliveryAttempt.objects.all().delete()
    DeliveryAttempt.objects.bulk_create(texts.attempt(message, code=code) for code in codes)
    rollups.roll(START)
    assert _counts("platform") == {("cloopen", "b"): 2, ("cloopen", "c"): 3}


@pytest.fixture
def this_hour(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Its start; it does not end while the test runs."""
    monkeypatch.setattr(tally, "time", SimpleNamespace(time=lambda: START.timestamp() + 1800))
    return START


def test_what_redis_counted_is_kept_when_redis_forgets(
    redis: Any, travel: Travel, this_hour: datetime
) -> None:
    for _ in range(3):
        tally.add("send_code", "login", "ok")
    tally.add("verify_code", "login", "code_incorrect")
    tally.flush()
    rollups.roll(this_hour)
    assert _counts("send_code") == {("login", "ok"): 3}
    redis.flushdb()
    tally.add("send_code", "login", "ok")
    tally.add("send_code", "pickup", "cooldown")
    tally.flush()
    travel(1)
    rollups.roll(this_hour)
    assert _counts("send_code") == {("login", "ok"): 3, ("pickup", "cooldown"): 1}
    assert _counts("verify_code") == {("login", "code_incorrect"): 1}


def test_redis_away_takes_nothing_back(
    monkeypatch: pytest.MonkeyPatch, travel: Travel, this_hour: datetime
) -> None:
    tally.add("send_code", "login", "ok")
    tally.flush()
    rollups.roll(this_hour)

    def away(hour: int) -> Any:
        raise Unavailable

    monkeypatch.setattr(tally, "read", away)
    travel(1)
    assert rollups.roll(this_hour)
    assert _counts("send_code") == {("login", "ok"): 1}


def _keep() -> list[int]:
    """How many hours each call summed up, until nothing was due."""
    return [*iter(rollups.keep, 0)]


def test_what_is_due(at: Callable[[str], None]) -> None:
    texts.write(START - timedelta(hours=9), 1)  # START is noon in Shanghai
    at("2026-01-01T12:30+08:00")
    assert rollups.keep() == 6  # of the ten since the first text
    assert Hour.objects.filter(start__gte=START - timedelta(hours=1)).count() == 2
    assert _keep() == [4]
    at("2026-01-01T12:31+08:00")
    assert _keep() == [2]  # the running hour and the last one
    at("2026-01-01T13:31+08:00")
    assert _keep() == [6, 5]


def test_reports_are_awaited_for_three_days(at: Callable[[str], None]) -> None:
    texts.write(START - timedelta(days=30), 1)
    at("2026-01-01T12:30+08:00")
    assert sum(_keep()) == 72


def test_with_no_text_the_refused_are_summed_up() -> None:
    tally.add("send_code", "other", "unknown_purpose")
    tally.flush()
    assert rollups.keep() == 2
    assert _counts("send_code") == {("other", "unknown_purpose"): 1}


def test_a_year_is_kept() -> None:
    texts.write(START, 10)
    rollups.roll(START)
    rollups.forget(START + timedelta(days=365))
    assert Hour.objects.exists()
    rollups.forget(START + timedelta(days=365, seconds=1))
    assert not Hour.objects.exists()
    assert not HourlyCount.objects.exists()
    assert not HourlyAttempts.objects.exists()


def test_how_often_the_database_is_asked(django_assert_max_num_queries: Any) -> None:
    texts.write(START, 200)
    with django_assert_max_num_queries(20):
        rollups.roll(START)


def test_several_at_once() -> None:
    texts.write(START, 100)
    assert any(race(4, lambda _: rollups.roll(START)))
    rows = _everything()
    Hour.objects.all().delete()
    rollups.roll(START)
    assert _everything() == rows
