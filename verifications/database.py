"""The database out of reach is our failure, not the shopper's."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from .exceptions import Unavailable, place_of

logger = logging.getLogger(__name__)


@contextmanager
def reachable() -> Iterator[None]:
    """Raises Unavailable for what the database does not do; an IntegrityError is an answer."""
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        raise Unavailable from error


def lacks_tables() -> bool:
    """Whether `manage.py migrate` has something to do. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def in_one_process() -> Iterator[None]:
    """A transaction in which PostgreSQL starts nothing beside the connection. It misjudges a query
    that reads an hour of a table with many partitions: starting workers, or compiling, takes ten
    times as long as reading."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off")
        yield


def after_commit(work: Callable[[], object]) -> None:
    """Call `work` at once, or inside a transaction once that is committed: a failure stays there,
    since what it was about is committed. Django's own `robust` would log text and frames of it."""
    if not connection.in_atomic_block:
        work()
        return

    def run() -> None:
        try:
            work()
        except Exception as error:
            logger.error("after a commit: %s", place_of(error))

    transaction.on_commit(run)
