"""Once a second it is looked whether anything changed; any change is noticed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.verifications.rules_read.conftest import PHONE, Wait, block, verdict
from verifications import rules
from verifications.models import ListEntry

Queries = CaptureQueriesContext


@pytest.fixture
def queries() -> Iterator[Queries]:
    with CaptureQueriesContext(connection) as context:
        yield context


def test_it_asks_once_a_second_and_reads_only_what_has_changed(
    wait: Wait, queries: Queries
) -> None:
    def asked() -> tuple[bool, bool]:
        """Since the last time: whether the database was asked, and the entries read."""
        words = [query["sql"] for query in queries.captured_queries]
        queries.initial_queries = len(connection.queries_log)
        return any("SUM(" in sql for sql in words), any("expires_at" in sql for sql in words)

    first = rules.get()
    assert asked() == (True, True)
    for _ in range(9):
        wait(0.1)
        assert rules.get() is first
    assert asked() == (False, False)
    wait(0.1)
    assert rules.get() is first
    assert asked() == (True, False)
    block()
    asked()  # its INSERT
    wait(1)
    assert verdict() == "block"
    assert asked() == (True, True)


def _update(entry: ListEntry) -> None:
    entry.value = "13900139000"
    entry.save()


def _update_one_field(entry: ListEntry) -> None:
    entry.list = "allow"
    entry.save(update_fields=["list"])


def _bulk_update(entry: ListEntry) -> None:
    entry.value = "13900139000"
    ListEntry.objects.bulk_update([entry], ["value"])


def _sql(words: str) -> Callable[[ListEntry], None]:
    def run(entry: ListEntry) -> None:
        with connection.cursor() as cursor:
            cursor.execute(words)

    return run


CHANGES: dict[str, Callable[[ListEntry], Any]] = {
    "save": _update,
    "save a field": _update_one_field,
    "update": lambda _: ListEntry.objects.update(list="allow"),
    "update of a filter": lambda _: ListEntry.objects.filter(list="block").update(list="allow"),
    "bulk_update": _bulk_update,
    "bulk_create": lambda _: ListEntry.objects.bulk_create(
        [ListEntry(list="allow", what="phone", value=PHONE)]
    ),
    "get_or_create": lambda _: ListEntry.objects.get_or_create(
        list="allow", what="phone", value=PHONE
    ),
    "delete": lambda entry: entry.delete(),
    "delete of a filter": lambda _: ListEntry.objects.filter(what="phone").delete(),
    "replaced by another": lambda entry: (
        entry.delete(),
        ListEntry.objects.create(what="phone", value="13900139000"),
    ),
    "DELETE": _sql("DELETE FROM verifications_listentry"),
    "INSERT": _sql(
        "INSERT INTO verifications_listentry (revision, list, what, value, note, created_at) "
        f"VALUES (0, 'allow', 'phone', '{PHONE}', '', CURRENT_TIMESTAMP)"
    ),
}


@pytest.mark.database
@pytest.mark.parametrize("change", CHANGES)
def test_every_kind_of_change_is_noticed(change: str, wait: Wait) -> None:
    entry = block()
    assert verdict() == "block"
    CHANGES[change](entry)
    wait(1)
    assert verdict() != "block"


def test_a_change_while_it_reads_is_not_missed(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    read = rules._read

    def read_and_then() -> rules.Rules:
        found = read()
        monkeypatch.setattr(rules, "_read", read)
        block()
        return found

    monkeypatch.setattr(rules, "_read", read_and_then)
    assert verdict() is None
    wait(1)
    assert verdict() == "block"
