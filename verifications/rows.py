"""The rows of one text, written in as few steps as the database allows: PostgreSQL takes a message
and its try, and later what became of both, in one statement and one round trip each.

A text on its way costs its database these two steps and nothing else, so they are written by hand:
the ORM would spend as long on the statements as the server on the rows.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import DeliveryAttempt, Message

_NOTE = """UPDATE verifications_deliveryattempt
    SET outcome = %s, code = %s, provider_message_id = %s, latency_ms = %s WHERE id = %s"""
_MOVE = """UPDATE verifications_message
    SET status = %s, reason = %s, updated_at = %s, claim = NULL, claimed_until = NULL
    WHERE id = %s AND claim = %s AND status = 'queued'"""
_EARLY = "SELECT 1 FROM verifications_earlyreceipt WHERE provider = %s AND message_id = %s"
# The try is locked before its message, as by whoever applies a report: else the two could wait for
# one another.
_SETTLE = (
    f"WITH tried AS ({_NOTE} RETURNING id), "  # noqa: S608  # nosec B608
    f"moved AS ({_MOVE} AND EXISTS (SELECT FROM tried) RETURNING id) "
    f"SELECT (SELECT count(*) FROM moved), EXISTS ({_EARLY})"
)


def insert(message: Message, attempts: Sequence[DeliveryAttempt] = ()) -> None:
    """A new message, with the try that is about to be made, if one is."""
    database = connections[DEFAULT_DB_ALIAS]
    if not attempts:
        _execute(database, _insert(Message), _values(database, message))
    elif database.vendor == "postgresql" and len(attempts) == 1:
        statement = f"WITH message AS ({_insert(Message)}) {_insert(DeliveryAttempt)}"
        values = [*_values(database, message), *_values(database, attempts[0])]
        _execute(database, statement, values)
    else:
        with transaction.atomic():
            for row in (message, *attempts):
                _execute(database, _insert(type(row)), _values(database, row))


def note(attempts: Sequence[DeliveryAttempt]) -> None:
    """The outcomes of tries. Of some hundred rows, bulk_update() would take ten times as long."""
    database = connections[DEFAULT_DB_ALIAS]
    outcomes = [_outcome(database, attempt) for attempt in attempts]
    if len(outcomes) == 1:
        _execute(database, _NOTE, outcomes[0])
    elif outcomes:
        with database.cursor() as cursor:
            cursor.executemany(_NOTE, outcomes)


def settle(
    claim: UUID, attempt: DeliveryAttempt, status: str, reason: str, now: datetime
) -> tuple[int, bool]:
    """The outcome of a try, and where its message goes with it if that is still ours.

    (how many messages moved, whether a report on the text may have come before).
    """
    database = connections[DEFAULT_DB_ALIAS]
    outcome = _outcome(database, attempt)
    move = [
        status,
        reason,
        _prepared(database, Message, "updated_at", now),
        _prepared(database, Message, "id", attempt.message_id),
        _prepared(database, Message, "claim", claim),
    ]
    if database.vendor == "postgresql" and not database.in_atomic_block:
        early = attempt.provider, attempt.provider_message_id
        with database.cursor() as cursor:
            cursor.execute(_SETTLE, [*outcome, *move, *early])
            moved, waiting = cursor.fetchone()
        return moved, waiting
    with transaction.atomic():
        _execute(database, _NOTE, outcome)
        moved = _execute(database, _MOVE, move)
    return moved, True


@cache
def _insert(model: type[models.Model]) -> str:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    places = ", ".join(["%s"] * len(columns))
    into = f"{model._meta.db_table} ({', '.join(columns)})"
    return f"INSERT INTO {into} VALUES ({places})"  # noqa: S608  # nosec B608  # names of ours


def _values(database: BaseDatabaseWrapper, row: models.Model) -> list[Any]:
    return [
        field.get_db_prep_save(getattr(row, name), database) if field else getattr(row, name)
        for name, field in _fields(type(row), database.vendor)
    ]


@cache
def _fields(
    model: type[models.Model], vendor: str
) -> "list[tuple[str, models.Field[Any, Any] | None]]":
    """Their names; and the field itself where its value is not what the driver takes: PostgreSQL's
    takes all but JSON."""
    taken = () if vendor == "postgresql" else (models.Field,)
    return [
        (field.attname, field if isinstance(field, (models.JSONField, *taken)) else None)
        for field in model._meta.concrete_fields
    ]


def _prepared(
    database: BaseDatabaseWrapper, model: type[models.Model], name: str, value: Any
) -> Any:
    field = cast("models.Field[Any, Any]", model._meta.get_field(name))
    return field.get_db_prep_value(value, database)


def _outcome(database: BaseDatabaseWrapper, attempt: DeliveryAttempt) -> list[Any]:
    return [
        str(attempt.outcome),
        attempt.code,
        attempt.provider_message_id,
        attempt.latency_ms,
        _prepared(database, DeliveryAttempt, "id", attempt.pk),
    ]


def _execute(database: BaseDatabaseWrapper, statement: str, values: Sequence[Any]) -> int:
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
