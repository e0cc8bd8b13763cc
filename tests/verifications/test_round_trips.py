"""How often a text asks the database: what a request waits for, and what limits a day."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from verifications import rules
from verifications.services import send_code, verify_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _statements(context: CaptureQueriesContext) -> list[str]:
    """Their first words."""
    return [query["sql"].split()[0] for query in context.captured_queries]


def test_a_text_is_written_before_it_is_sent_and_settled_after_it(
    phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "_CHECK_EVERY", 600.0)
    send_code("13900139000", "login")  # reads the lists
    with CaptureQueriesContext(connection) as context:
        send_code(phone, "login")
    # (MariaDB and SQLite: the rows before, the rows after, and whether a report came between.)
    rows = ["BEGIN", "INSERT", "INSERT", "COMMIT", "BEGIN", "UPDATE", "UPDATE", "COMMIT", "SELECT"]
    if connection.vendor == "postgresql":
        rows = ["WITH", "WITH"]
    assert _statements(context) == rows


def test_a_code_is_checked_without_the_database(phone: str, last_code: Callable[[], str]) -> None:
    send_code(phone, "reset_password")
    code = last_code()
    with CaptureQueriesContext(connection) as context:
        verify_code(phone, "reset_password", code)
    assert not context.captured_queries
