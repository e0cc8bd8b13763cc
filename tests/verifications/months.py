"""Texts of other months, as they were written then."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from verifications import ids, partitions
from verifications.models import DeliveryAttempt, Message


def id_of(moment: datetime) -> UUID:
    return UUID(int=ids.first_of(moment).int | uuid4().int >> 48)


def message(moment: datetime, **fields: Any) -> Message:
    """With one try."""
    fields = {"id": id_of(moment), "kind": "notice", "status": "delivered", **fields}
    times = dict.fromkeys(("created_at", "updated_at", "expires_at", "due_at"), moment)
    found = Message.objects.create(phone="+8613800138000", template="shipped", **times, **fields)
    attempt(found, moment)
    return found


def attempt(of: Message, moment: datetime) -> DeliveryAttempt:
    return DeliveryAttempt.objects.create(
        id=id_of(moment), message=of, provider="cloopen", outcome="sent", started_at=moment
    )


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def partition_of(row: Message | DeliveryAttempt) -> str:
    """The name of the table that the row is in, without its parent's."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass FROM {table} WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0]).removeprefix(f"{table}_")


def names(table: str = partitions.MESSAGES) -> set[str]:
    """Of its partitions, without their parent's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = to_regclass(%s)", [table]
        )
        return {str(name).removeprefix(f"{table}_") for (name,) in cursor.fetchall()}
