"""On PostgreSQL each text is in the partition of its month, and none is ever refused."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tests.verifications.months import attempt, days_ago, message, names, partition_of
from tests.verifications.racing import race
from verifications import partitions, tasks
from verifications.models import DeliveryAttempt, Message
from verifications.partitions import month_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="partitions are PostgreSQL's"
)
PATIENT = "SET LOCAL lock_timeout = '60s'"  # whatever else this machine does
FAR = datetime(2042, 2, 14, tzinfo=UTC)  # no test but those of this file is there


@pytest.mark.parametrize(
    ("moment", "start", "end"),
    [
        ("2026-12-31T23:59:59+00:00", "2026-12-01", "2027-01-01"),
        ("2027-01-01T07:59:59+08:00", "2026-12-01", "2027-01-01"),
        ("2028-02-29T00:00:00+00:00", "2028-02-01", "2028-03-01"),
    ],
)
def test_months_are_those_of_utc(moment: str, start: str, end: str) -> None:
    month = month_of(datetime.fromisoformat(moment))
    assert [f"{one:%Y-%m-%d}" for one in month] == [start, end]


def test_where_there_are_no_partitions_nothing_is_made() -> None:
    partitions.make(FAR)
    if connection.vendor != "postgresql":
        assert partitions.before(FAR + timedelta(days=90)) == []


@only_postgresql
def test_a_text_and_its_try_are_in_their_month() -> None:
    now = timezone.now()
    sent = Message.objects.create(created_at=now, updated_at=now, expires_at=now, due_at=now)
    tried = DeliveryAttempt.objects.create(message=sent, started_at=now)
    around = {f"{day:%Y_%m}" for day in (days_ago(0), days_ago(1 / 24))}  # as midnight may pass
    assert partition_of(sent) in around
    assert partition_of(tried) in around


@only_postgresql
def test_months_are_made_ahead_of_their_time() -> None:
    tasks.forget()
    this = month_of(timezone.now())
    for table in partitions.TABLES:
        assert {f"{this.start:%Y_%m}", f"{this.end:%Y_%m}", "default"} <= names(table)


@only_postgresql
def test_what_has_no_month_is_kept_and_found_all_the_same() -> None:
    """A random id, as a process of the version before makes it; a month that nobody made."""
    for id_ in ({"id": uuid4()}, {}):
        sent = message(FAR, **id_)
        assert partition_of(sent) == "default"
        assert Message.objects.filter(pk=sent.pk).update(reason="seen") == 1
        assert Message.objects.get(attempts__message=sent).reason == "seen"


@only_postgresql
def test_a_month_takes_over_what_was_written_before_it_was_made() -> None:
    sent, later = message(FAR), message(FAR + timedelta(days=100))
    partitions.make(FAR)
    assert (partition_of(sent), partition_of(sent.attempts.get())) == ("2042_02", "2042_02")
    assert partition_of(message(FAR + timedelta(days=20))) == "2042_03"
    assert partition_of(later) == "default"
    partitions.make(FAR)  # again, as each hour does
    assert partition_of(sent) == "2042_02"


@only_postgresql
def test_a_month_that_would_lock_much_for_long_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(partitions, "_MOST_STRAYS", 2)
    sent = message(FAR)
    for _ in range(2):
        attempt(sent, FAR)
    partitions.make(FAR)
    assert "2042_02" in names(partitions.MESSAGES)
    assert "2042_02" not in names(partitions.ATTEMPTS)
    assert "2042_03" in names(partitions.ATTEMPTS)
    assert "no partition verifications_deliveryattempt_2042_02" in caplog.text


@only_postgresql
def test_only_months_that_are_over_are_told() -> None:
    partitions.make(FAR)
    told = [month for month in partitions.before(FAR) if month.start.year == 2042]
    assert told == []
    told = partitions.before(month_of(FAR).end)
    assert told[-1] == month_of(FAR)


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_that_make_a_month_at_once_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "_LOCK_TIMEOUT", PATIENT)
    month = month_of(FAR + timedelta(days=365))
    try:
        race(2, lambda _: partitions.make(month.start))
        assert {f"{month.start:%Y_%m}", f"{month.end:%Y_%m}"} <= names()
    finally:
        _drop_all_after(month.start)


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_texts_are_written_while_their_month_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "_LOCK_TIMEOUT", PATIENT)
    month, stop, written = month_of(FAR + timedelta(days=730)), threading.Event(), list[str]()

    def work(number: int) -> None:
        if number == 0:
            while not stop.is_set():
                written.append(str(message(month.start).pk))
            return
        try:
            partitions.make(month.start)
        finally:
            stop.set()

    try:
        race(2, work)
        found = Message.objects.filter(created_at=month.start)
        assert sorted(written) == sorted(str(pk) for pk in found.values_list("pk", flat=True))
    finally:
        _drop_all_after(month.start)


def _drop_all_after(moment: datetime) -> None:
    for month in partitions.before(moment + timedelta(days=70)):
        if month.start >= moment:
            for table in partitions.TABLES:
                partitions.drop(table, month)
