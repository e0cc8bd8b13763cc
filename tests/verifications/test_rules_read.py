"""What operators set is in force in every process within a second, and costs next to nothing."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from tests.live import ROOT, clean_environment
from verifications import rules
from verifications.exceptions import Unavailable
from verifications.models import ListEntry

PHONE = "+8613800138000"
Wait = Callable[[float], None]
Queries = CaptureQueriesContext


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """wait(0.5): half a second more has gone by, as far as rules.py knows."""
    now = 1000.0
    monkeypatch.setattr(rules, "time", SimpleNamespace(monotonic=lambda: now))

    def move(seconds: float) -> None:
        nonlocal now
        now += seconds

    return move


@pytest.fixture
def queries() -> Iterator[Queries]:
    with CaptureQueriesContext(connection) as context:
        yield context


def _verdict() -> str | None:
    return rules.get().of_phone(PHONE)


def _block() -> ListEntry:
    return ListEntry.objects.create(what="phone", value=PHONE)


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
    _block()
    asked()  # its INSERT
    wait(1)
    assert _verdict() == "block"
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
    entry = _block()
    assert _verdict() == "block"
    CHANGES[change](entry)
    wait(1)
    assert _verdict() != "block"


@pytest.fixture
def down() -> AbstractContextManager[None]:
    """Within it the database refuses every query."""

    def refuse(*_: Any) -> None:
        raise OperationalError(f"connection lost while {PHONE}")

    return connection.execute_wrapper(refuse)


def test_without_the_database_the_last_reading_stays(
    wait: Wait, down: AbstractContextManager[None], caplog: pytest.LogCaptureFixture
) -> None:
    _block()
    assert _verdict() == "block"
    with down:
        for _ in range(3):
            wait(1)
            assert _verdict() == "block"
            assert _verdict() == "block"  # and asks no more than ever
    assert caplog.messages == ["rules: OperationalError"] * 3
    ListEntry.objects.all().delete()
    wait(1)
    assert _verdict() is None


def test_what_was_never_read_is_unavailable(
    wait: Wait, down: AbstractContextManager[None], caplog: pytest.LogCaptureFixture
) -> None:
    _block()
    with down, pytest.raises(Unavailable):
        rules.get()
    assert caplog.messages == ["rules: OperationalError"]
    assert _verdict() == "block"  # asked again at once, since there is nothing to go by


def test_a_change_while_it_reads_is_not_missed(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    read = rules._read

    def read_and_then() -> rules.Rules:
        found = read()
        monkeypatch.setattr(rules, "_read", read)
        _block()
        return found

    monkeypatch.setattr(rules, "_read", read_and_then)
    assert _verdict() is None
    wait(1)
    assert _verdict() == "block"


class _Reader:
    """A thread that is in the middle of asking, until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._go, self._asking, version = threading.Event(), threading.Event(), rules._version
        self.questions = 0  # of all threads

        def slow(model: Any) -> dict[str, Any]:
            self.questions += 1
            self._asking.set()
            assert self._go.wait(30)
            return version(model)

        monkeypatch.setattr(rules, "_version", slow)
        self._pool = ThreadPoolExecutor(1)
        self._verdict = self._pool.submit(self._run)
        assert self._asking.wait(30)

    def _run(self) -> str | None:
        try:
            return _verdict()
        finally:
            connections.close_all()

    def finish(self) -> str | None:
        self._go.set()
        with self._pool:
            return self._verdict.result(30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("late", [1.0, 60.0])
def test_nobody_waits_for_long_while_another_asks(
    late: float, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _verdict() is None
    _block()
    wait(late)
    reader = _Reader(monkeypatch)
    assert _verdict() is None  # what it has
    assert reader.finish() == "block"
    assert _verdict() == "block"


@pytest.mark.django_db(transaction=True)
def test_who_has_nothing_to_go_by_is_told_so(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_FIRST_PATIENCE", 0.01)
    reader = _Reader(monkeypatch)
    with pytest.raises(Unavailable):
        rules.get()
    assert reader.finish() is None


@pytest.mark.django_db(transaction=True)
def test_who_waited_does_not_ask_again(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = _Reader(monkeypatch)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_verdict)
        reader.finish()
        assert waiting.result(30) is None
    assert reader.questions == len(rules._READ)


_PROCESS = f"""
import sys, time
import django
django.setup()
from verifications import rules
from verifications.models import ListEntry

def seen(verdict):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if rules.get().of_phone({PHONE!r}) == verdict:
            return True
        time.sleep(0.01)

for line in sys.stdin:
    print(eval(line), flush=True)
"""


class _Process:
    def __init__(self, data_dir: Path) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", _PROCESS],
            cwd=ROOT,
            env=_environment(data_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def eval(self, words: str) -> str:
        assert self._child.stdin
        assert self._child.stdout
        print(words, file=self._child.stdin, flush=True)
        return self._child.stdout.readline().strip()

    def stop(self) -> None:
        self._child.kill()
        self._child.communicate()


def _environment(data_dir: Path) -> dict[str, str]:
    settings = "dadashop.settings"
    return clean_environment(DADASHOP_DATA_DIR=str(data_dir), DJANGO_SETTINGS_MODULE=settings)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[_Process]]:
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=_environment(tmp_path), check=True, timeout=60)
    started = [_Process(tmp_path) for _ in range(2)]
    yield started
    for process in started:
        process.stop()


def test_two_processes(processes: list[_Process]) -> None:
    """Each sees what the other has changed."""
    one, other = processes
    assert one.eval("seen(None)") == other.eval("seen(None)") == "True"
    one.eval(f"ListEntry.objects.create(what='phone', value={PHONE!r})")
    assert other.eval("seen('block')") == "True"
    other.eval("ListEntry.objects.update(list='allow')")
    assert one.eval("seen('allow')") == "True"
    one.eval("ListEntry.objects.all().delete()")
    assert other.eval("seen(None)") == "True"
