"""What operators set, as a process knows it; its second goes by when a test says so."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from verifications import rules
from verifications.models import ListEntry

PHONE = "+8613800138000"
Wait = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """wait(0.5): half a second more has gone by, as far as rules.py knows."""
    now = 1000.0
    monkeypatch.setattr(rules, "time", SimpleNamespace(monotonic=lambda: now))

    def move(seconds: float) -> None:
        nonlocal now
        now += seconds

    return move


def verdict() -> str | None:
    return rules.get().of_phone(PHONE)


def block() -> ListEntry:
    return ListEntry.objects.create(what="phone", value=PHONE)
