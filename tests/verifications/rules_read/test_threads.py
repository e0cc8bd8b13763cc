"""One thread asks, and those beside it go on with what they have."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from tests.verifications.rules_read.conftest import Wait, block, verdict
from verifications import rules
from verifications.exceptions import Unavailable


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
        self._answer = self._pool.submit(self._run)
        assert self._asking.wait(30)

    def _run(self) -> str | None:
        try:
            return verdict()
        finally:
            connections.close_all()

    def finish(self) -> str | None:
        self._go.set()
        with self._pool:
            return self._answer.result(30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("late", [1.0, 60.0])
def test_nobody_waits_for_long_while_another_asks(
    late: float, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verdict() is None
    block()
    wait(late)
    reader = _Reader(monkeypatch)
    assert verdict() is None  # what it has
    assert reader.finish() == "block"
    assert verdict() == "block"


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
        waiting = pool.submit(verdict)
        reader.finish()
        assert waiting.result(30) is None
    assert reader.questions == len(rules._READ)
