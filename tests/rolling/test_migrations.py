"""Migrations run while the version before serves: what is not online-safe has its reason here."""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from tests.rolling.migrations import unsafe

_FIRST = "0007_rollups"  # of the first release: nobody ran a version before it
# migration -> what it does, as Django describes it; and why a version before it goes on.
_ALLOWED: dict[str, list[str]] = {
    # The tables become partitioned under a lock (how long for: docs/operations.md), during which
    # others wait. No row is moved, and ids of the version before have a partition.
    "0008_partitions": ["Raw Python operation"],
}


def _later() -> dict[str, migrations.Migration]:
    found = MigrationLoader(None).disk_migrations
    return {
        name: one for (app, name), one in found.items() if app == "verifications" and name > _FIRST
    }


@pytest.mark.parametrize("name", _later())
def test_it_is_online_safe(name: str) -> None:
    assert unsafe(_later()[name].operations) == _ALLOWED.get(name, [])


def _add(field: "models.Field[Any, Any]") -> Operation:
    return migrations.AddField("message", "new", field)


_INDEX = models.Index(fields=["phone"], name="new")
_CHECK = models.CheckConstraint(condition=Q(rounds__gte=0), name="new")
_TABLE = migrations.CreateModel("Fresh", [("id", models.BigAutoField(primary_key=True))])


@pytest.mark.parametrize(
    "operation",
    [
        _add(models.IntegerField(default=0)),  # the database itself has no default
        _add(models.IntegerField(null=True, unique=True)),
        migrations.AddIndex("message", _INDEX),
        migrations.AddConstraint("message", _CHECK),
        migrations.RemoveField("message", "reason"),
        migrations.RenameField("message", "reason", "why"),
        migrations.AlterField("message", "reason", models.CharField(max_length=8)),
        migrations.DeleteModel("Message"),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.RunSQL("SELECT 1"),
        migrations.SeparateDatabaseAndState([migrations.RunSQL("SELECT 1")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_would_stop_the_version_before_is_told(operation: Operation) -> None:
    assert len(unsafe([_TABLE, operation])) == 1


@pytest.mark.parametrize(
    "operation",
    [
        _add(models.IntegerField(null=True)),
        _add(models.IntegerField(db_default=0)),
        migrations.AddIndex("fresh", _INDEX),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RunSQL("SELECT 1")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_it_does_not_notice_is_not(operation: Operation) -> None:
    assert unsafe([_TABLE, operation]) == []
