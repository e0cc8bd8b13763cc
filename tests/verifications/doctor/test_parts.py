"""A part that is away, wrong or silent is told, and hides no other."""

import re
import signal
import time
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from tests.conftest import Use
from tests.live import free_port
from tests.verifications.conftest import SetBudget
from tests.verifications.doctor.conftest import UseCloopen, doctor
from verifications import checkup, store


def test_redis_away(cloopen: UseCloopen, set_budget: SetBudget, use: Use) -> None:
    set_budget("", hourly=1)
    cloopen()
    use(f"redis://:s3cret@127.0.0.1:{free_port()}/0")
    code, told = doctor()
    assert code == 1
    assert told["redis"] == "FAIL ConnectionError; check REDIS_URL"
    for check in ("clock", "budget"):
        assert told[check] == "FAIL unknown without Redis and the database; see above"
    assert told["cloopen account"].startswith("ok")  # the rest is looked at all the same


def test_the_database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("password s3cret refused")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "ensure_connection", refuse)
        code, told = doctor()
    assert code == 1
    assert told["database"] == "FAIL OperationalError; check DATABASE_URL"


def test_a_clock_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds, word in (
        (60, r"FAIL (60|5\d) seconds ahead of Redis; set both"),
        (-60, r"FAIL 6\d seconds behind Redis; set both"),
        (0, "ok "),
    ):
        now = SimpleNamespace(time=lambda ahead=seconds: time.time() + ahead)
        monkeypatch.setattr(checkup, "time", now)
        assert re.match(word, doctor()[1]["clock"])


def test_a_part_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "_PATIENCE", 1)
    monkeypatch.setattr(store, "ping", lambda: signal.pause())
    code, told = doctor()
    assert (code, told["redis"]) == (1, "FAIL no answer in 1 seconds; is a firewall in between?")
    assert told["database"].startswith("ok")


def test_a_part_with_a_bug_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise LookupError("s3cret")

    monkeypatch.setattr(store, "ping", fail)
    code, told = doctor()
    assert code == 1
    assert told["redis"].startswith("FAIL LookupError in ")
    assert told["database"].startswith("ok")
