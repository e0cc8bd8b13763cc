"""Every use case writes rows, so every test here has a database."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

import pytest
from django.utils import timezone

from tests.conftest import Configure
from tests.verifications import platforms
from tests.verifications.platforms import SHIPPED, Fake
from tests.waiting import Waiting
from verifications import budgets, outbox, outgoing, rules
from verifications.models import Budget, Message
from verifications.services import issue_pickup_code, send_code


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    pass


@pytest.fixture
def _two_platforms(configure: Configure) -> Iterator[None]:
    configure(**platforms.settings_of("first", "second"))
    yield
    platforms.forget()


@pytest.fixture
def first(_two_platforms: None) -> Fake:
    """The platform to ask first; with `second`, these are all."""
    return platforms.fake("first")


@pytest.fixture
def second(_two_platforms: None) -> Fake:
    return platforms.fake("second")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """at("2026-01-01T23:00+08:00"): it is that moment, and stays it."""

    def stop(moment: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(moment))

    return stop


class SetBudget(Protocol):
    def __call__(
        self, scope: str, *, hourly: float | str | None = None, daily: float | str | None = None
    ) -> None: ...


@pytest.fixture
def set_budget() -> SetBudget:
    """set_budget("first", hourly="0.10"): the one budget of that scope, in force at once."""

    def change(
        scope: str, *, hourly: float | str | None = None, daily: float | str | None = None
    ) -> None:
        Budget.objects.update_or_create(scope=scope, defaults={"hourly": hourly, "daily": daily})
        rules.forget()
        budgets._seen.clear()

    return change


@pytest.fixture
def queued_notice(new_phone: Callable[[], str]) -> Callable[..., Message]:
    """queued_notice(phone=…): a row that waits for a worker; any field may be given."""

    def write(**changed: Any) -> Message:
        phone = f"+86{new_phone()}"
        message = outgoing.new(Message.Kind.NOTICE, phone, "shipped", SHIPPED, life=3600)
        for name, value in changed.items():
            setattr(message, name, value)
        message.save(force_insert=True)
        return message

    return write


@pytest.fixture
def queued_code(new_phone: Callable[[], str], waiting: Waiting) -> Callable[[], Message]:
    """queued_code(): of send_code(), for the purpose `login`; its worker died when it had written
    the row."""

    def send() -> Message:
        send_code(new_phone(), "login")
        (message,) = outbox.take(1, 0)
        message.save(force_insert=True)
        outbox.drop([message])
        return message

    return send


@pytest.fixture
def issue(phone: str, first: Fake) -> Callable[..., str]:
    """issue("D1001"): the pickup code that the shopper is texted."""

    def run(order: str = "D1001", to: str = "") -> str:
        issue_pickup_code(to or phone, order)
        return first.texts[-1].params["code"]

    return run
