"""On PostgreSQL `prune_messages` drops a month of which nothing is to stay, tries and all."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from tests.verifications.months import attempt, days_ago, message, names
from verifications import partitions
from verifications.models import DeliveryAttempt, Message
from verifications.partitions import month_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="partitions are PostgreSQL's"),
]

OLD = month_of(days_ago(200))
NAME, NEXT = f"{OLD.start:%Y_%m}", f"{OLD.end:%Y_%m}"
WITHIN = OLD.start + timedelta(days=3)


@pytest.fixture
def _old_months() -> None:
    partitions.make(WITHIN)


def _prune(*options: str, cutoff: datetime | None = None) -> str:
    """What is from before the cutoff, by default what is older than 90 days."""
    age = (days_ago(0) - cutoff).days if cutoff else 90
    out = io.StringIO()
    call_command("prune_messages", "--older-than", f"{age}d", *options, stdout=out)
    return out.getvalue()


def _told(messages: int, attempts: int) -> str:
    return f"Deleted {messages} of Message, {attempts} of DeliveryAttempt,"


def _left() -> tuple[set[Any], set[Any]]:
    tries = DeliveryAttempt.objects.values_list("message_id", flat=True)
    return set(Message.objects.values_list("pk", flat=True)), set(tries)


@pytest.mark.usefixtures("_old_months")
def test_an_old_month_is_dropped() -> None:
    for day in range(3):
        message(WITHIN + timedelta(days=day))
    young = message(days_ago(1))
    assert _prune().startswith(_told(3, 3))
    for table in partitions.TABLES:
        assert not {NAME, NEXT} & names(table)
        assert "default" in names(table)
    assert _left() == ({young.pk}, {young.pk})


@pytest.mark.usefixtures("_old_months")
def test_a_dry_run_counts_the_same_and_drops_nothing() -> None:
    message(WITHIN)
    assert "1 of Message, 1 of DeliveryAttempt," in _prune("--dry-run")
    assert {NAME, NEXT} <= names()
    assert _prune().startswith(_told(1, 1))


@pytest.mark.usefixtures("_old_months")
def test_tries_go_with_their_text_though_made_in_a_later_month() -> None:
    late = message(OLD.end - timedelta(minutes=1))
    for after in (timedelta(minutes=1), timedelta(days=120)):
        attempt(late, OLD.end + after)
    assert _prune().startswith(_told(1, 3))
    assert _left() == (set(), set())


@pytest.mark.usefixtures("_old_months")
def test_a_month_with_a_queued_text_stays_for_it_and_its_tries() -> None:
    message(WITHIN)
    queued = message(WITHIN, status="queued")
    attempt(queued, OLD.end + timedelta(days=1))
    assert _prune().startswith(_told(1, 1))
    assert {NAME, NEXT} <= names() & names(partitions.ATTEMPTS)
    assert _left() == ({queued.pk}, {queued.pk})
    assert queued.attempts.count() == 2


@pytest.mark.usefixtures("_old_months")
def test_a_young_text_among_the_old_keeps_its_month() -> None:
    """As of a machine whose clock was months behind."""
    message(WITHIN)
    young = message(WITHIN)
    Message.objects.filter(pk=young.pk).update(created_at=days_ago(1))
    assert _prune().startswith(_told(1, 1))
    assert NAME in names()
    assert _left() == ({young.pk}, {young.pk})


@pytest.mark.usefixtures("_old_months")
def test_of_a_month_that_is_partly_old_the_old_part_goes() -> None:
    message(WITHIN)
    young = message(WITHIN + timedelta(days=10))
    assert _prune(cutoff=WITHIN + timedelta(days=5)).startswith(_told(1, 1))
    assert NAME in names()
    assert _left() == ({young.pk}, {young.pk})


@pytest.mark.usefixtures("_old_months")
def test_whole_months_waits_until_all_of_it_is_old() -> None:
    message(WITHIN), message(OLD.start - timedelta(days=1))
    partly = OLD.start + timedelta(days=20)
    assert _prune("--whole-months", cutoff=partly).startswith(_told(1, 1))
    assert NAME in names()
    assert _prune("--whole-months", cutoff=OLD.end + timedelta(days=2)).startswith(_told(1, 1))
    assert NAME not in names()


@pytest.mark.django_db(transaction=True)
def test_a_table_that_somebody_holds_on_to_is_left_until_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    partitions.make(WITHIN)
    message(WITHIN)
    monkeypatch.setattr(partitions, "_TRIES", 1)
    monkeypatch.setattr(partitions, "_LOCK_TIMEOUT", "SET LOCAL lock_timeout = '50ms'")
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {partitions.MESSAGES}")
        with pytest.raises(CommandError, match="A long transaction"):
            _prune()
        assert NAME in names()
        assert Message.objects.count() == 1
    finally:
        other.close()
        monkeypatch.undo()
    assert _prune().startswith("Deleted 1 of Message,")
    assert NAME not in names()
