"""Migration 0008 on a PostgreSQL that has texts already: it keeps them all, and their indexes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.verifications.months import message, names, partition_of
from verifications import partitions
from verifications.models import DeliveryAttempt, Message

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="partitions are PostgreSQL's"),
]

BEFORE, AFTER = "0007_rollups", "0008_partitions"


def _migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("verifications", name)])


@pytest.fixture
def before() -> Iterator[None]:
    """The tables of the version before, in a schema of their own that the rollback takes back."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before")
        cursor.execute("SET LOCAL search_path TO before")
        _migrate(BEFORE)
        yield
        cursor.execute("SET LOCAL search_path TO DEFAULT")


def _texts(count: int) -> dict[UUID, UUID]:
    """{a text: its try}, written by the version before."""
    with connection.cursor() as cursor:
        made = [message(timezone.now(), id=uuid4(), status="queued") for _ in range(count)]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as after a commit
    return {one.pk: one.attempts.get().pk for one in made}


def _constraints(table: str) -> dict[str, Any]:
    """By name, but for the foreign keys."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {name: one for name, one in found.items() if not one["foreign_key"]}


@pytest.mark.usefixtures("before")
def test_every_text_is_kept() -> None:
    made = _texts(20)
    _migrate(AFTER)
    found = DeliveryAttempt.objects.values_list("message_id", "id")
    assert dict(found) == made
    assert set(Message.objects.values_list("pk", flat=True)) == {*made}
    one = Message.objects.get(pk=next(iter(made)))
    assert partition_of(one) in {"default", *names()}
    assert Message.objects.filter(pk=one.pk).update(status="sent") == 1
    assert one.delete() == (2, {Message._meta.label: 1, DeliveryAttempt._meta.label: 1})


@pytest.mark.usefixtures("before")
def test_indexes_and_checks_keep_their_names() -> None:
    tables = {table: _constraints(table) for table in partitions.TABLES}
    assert all(len(found) >= 4 for found in tables.values())
    _migrate(AFTER)
    assert {table: _constraints(table) for table in partitions.TABLES} == tables


@pytest.mark.usefixtures("before")
def test_who_might_read_the_tables_still_may() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE auditor")
        cursor.execute(f"GRANT SELECT ON {partitions.MESSAGES} TO auditor")
        cursor.execute(f"GRANT INSERT ON {partitions.MESSAGES} TO PUBLIC")
    _migrate(AFTER)
    assert _may("SELECT")
    assert _may("INSERT")
    assert not _may("DELETE")


def _may(what: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('auditor', %s, %s)", [partitions.MESSAGES, what])
        return bool(cursor.fetchone()[0])


@pytest.mark.usefixtures("before")
def test_going_back_and_forth_changes_nothing() -> None:
    _migrate(AFTER)
    new = message(timezone.now())
    _migrate(BEFORE)
    old = message(timezone.now(), id=uuid4())
    _migrate(AFTER)
    assert {*Message.objects.all()} == {new, old}
    assert "default" in names()
