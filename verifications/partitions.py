"""The log of texts by the month, on PostgreSQL: a month that nobody needs any more is dropped as a
table, and what is written now touches indexes of one month alone.

Message and DeliveryAttempt are partitioned by ranges of their ids, which begin with the time they
were made at (ids.py); months are those of UTC. What has no partition of its own is in the default
one, so no row is ever refused: ids from before migration 0008, which are random, and whatever is
written when nobody has called make() for two months. Other databases have one table each: there
nothing is made and nothing is to drop.
"""

import logging
import re
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from . import ids

logger = logging.getLogger(__name__)

ATTEMPTS, MESSAGES = "verifications_deliveryattempt", "verifications_message"
TABLES = (ATTEMPTS, MESSAGES)

_TRIES = 5  # to get a lock that must not be waited for long, as all others queue up behind it
_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'"
_LOCK_NOT_AVAILABLE = "55P03"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('verifications.partitions'))"
_MOST_STRAYS = 10_000  # rows that are moved out of the default partition, under a lock


class Locked(Exception):
    """Somebody holds on to a table for long."""


class Month(NamedTuple):
    """Of UTC; `end` is the start of the next."""

    start: datetime
    end: datetime

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """The first id of the month, and the first one after it."""
        return ids.first_of(self.start), ids.first_of(self.end)

    def of(self, table: str) -> str:
        """The name of its partition."""
        return f"{table}_{self.start:%Y_%m}"


def month_of(moment: datetime) -> Month:
    of = moment.astimezone(UTC)
    start = datetime(of.year, of.month, 1, tzinfo=UTC)
    return Month(start, (start + timedelta(days=32)).replace(day=1))


def make(moment: datetime, connection: BaseDatabaseWrapper = connection) -> None:
    """Have partitions for this moment's month and the next one.

    Raises OperationalError where a lock is not to be had; the next call makes what is missing.
    """
    if connection.vendor != "postgresql":
        return
    this = month_of(moment)
    for month in (this, month_of(this.end)):
        for table in TABLES:
            with connection.cursor() as cursor:
                if not _is_there(cursor, month.of(table)):
                    _make(connection, cursor, table, month)


def before(cutoff: datetime) -> list[Month]:
    """The months that have a partition and end no later, the oldest first."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
            "WHERE inhparent IN (to_regclass(%s), to_regclass(%s))",
            TABLES,
        )
        found = [re.search(r"_(\d{4})_(\d{2})$", name) for (name,) in cursor.fetchall()]
    starts = {datetime(int(one[1]), int(one[2]), 1, tzinfo=UTC) for one in found if one}
    return [month for month in map(month_of, sorted(starts)) if month.end <= cutoff]


def drop(table: str, month: Month) -> int:
    """Drop a partition; how many rows it had. Raises Locked: then nothing is dropped."""
    name = month.of(table)
    with connection.cursor() as cursor:
        if not _is_there(cursor, name):
            return 0
        cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608  # nosec B608  # a name of ours
        rows = int(cursor.fetchone()[0])
        for _ in range(_TRIES - 1):
            with suppress(Locked):
                _drop(cursor, name)
                break
            time.sleep(1)
        else:
            _drop(cursor, name)
    logger.info("partition %s dropped: %d rows", name, rows)
    return rows


def _drop(cursor: CursorWrapper, name: str) -> None:
    try:
        with transaction.atomic():
            cursor.execute(_LOCK_TIMEOUT)
            cursor.execute(f"DROP TABLE {name}")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        raise Locked from error


def _is_there(cursor: CursorWrapper, name: str) -> bool:
    # to_regclass() would not see what another has made since this session looked the last time.
    cursor.execute("SELECT FROM pg_class WHERE relname = %s AND pg_table_is_visible(oid)", [name])
    return cursor.fetchone() is not None


def _make(connection: BaseDatabaseWrapper, cursor: CursorWrapper, table: str, month: Month) -> None:
    """All others wait while the default partition gives up what belongs to the month, and while the
    database reads it to see that nothing else does. A weaker lock, of the default partition alone,
    would refuse the rows that are on their way there; and who waits for one partition while others
    have it and wait for another is in a deadlock."""
    name, default, (first, end) = month.of(table), f"{table}_default", month.ids
    strays = f"FROM {default} WHERE id >= '{first}' AND id < '{end}'"  # all of it words of ours
    cursor.execute(f"SELECT {strays} LIMIT {_MOST_STRAYS + 1}")
    if cursor.rowcount > _MOST_STRAYS:
        logger.warning("no partition %s: the default one has too much of that month", name)
        return
    with transaction.atomic(using=connection.alias):
        cursor.execute(_LOCK_TIMEOUT)
        cursor.execute(_ONE_AT_A_TIME)
        if _is_there(cursor, name):
            return
        cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
        cursor.execute(f"LOCK TABLE ONLY {table} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"INSERT INTO {name} SELECT * {strays}")
        cursor.execute(f"DELETE {strays}")
        bounds = f"FROM ('{first}') TO ('{end}')"
        cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES {bounds}")
    logger.info("partition %s made", name)
