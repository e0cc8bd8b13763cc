"""A connection to PostgreSQL that is kept is looked at before each request, without asking."""

import pytest
from django.db import connection
from django.db.backends.postgresql import base

from tests.until import until

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _connected() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the others are looked at as Django does it")
    connection.ensure_connection()


def test_one_that_is_well_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", asked.append)
    assert connection.is_usable()
    assert not asked


def test_one_that_the_server_has_ended_is_found_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])
    other.close()
    until(lambda: not connection.is_usable())
    connection.close()
    with connection.cursor() as cursor:  # of a new one
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_one_that_was_never_made_is_none() -> None:
    assert not connection.copy().is_usable()


def test_one_that_was_closed_is_none() -> None:
    other = connection.copy()
    other.ensure_connection()
    other.connection.close()
    assert not other.is_usable()
