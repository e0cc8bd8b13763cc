"""What texts may cost, at half past noon in Shanghai."""

from collections.abc import Callable

import pytest

from tests.conftest import Configure
from verifications import budgets

At = Callable[[str], None]
PRICES = {"first": "0.01", "second": "0.0333", "free": "0"}


@pytest.fixture(autouse=True)
def _at_half_past_noon(at: At, configure: Configure) -> None:
    at("2026-01-02T12:30:00+08:00")
    configure(PRICES=PRICES)


def spent() -> list[tuple[str, str, str]]:
    """(scope, window, yuan) of each budget."""
    return [(one.scope, one.window, f"{one.spent:.4f}") for one in budgets.spent()]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Of budgets, since the last time."""
    words = [message for message in caplog.messages if message.startswith("budget")]
    caplog.clear()
    return words
