"""Without the database the last reading stays; what was never read is unavailable."""

from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.verifications.rules_read.conftest import PHONE, Wait, block, verdict
from verifications import rules
from verifications.exceptions import Unavailable
from verifications.models import ListEntry


@pytest.fixture
def down() -> AbstractContextManager[None]:
    """Within it the database refuses every query."""

    def refuse(*_: Any) -> None:
        raise OperationalError(f"connection lost while {PHONE}")

    return connection.execute_wrapper(refuse)


def test_without_the_database_the_last_reading_stays(
    wait: Wait, down: AbstractContextManager[None], caplog: pytest.LogCaptureFixture
) -> None:
    block()
    assert verdict() == "block"
    with down:
        for _ in range(3):
            wait(1)
            assert verdict() == "block"
            assert verdict() == "block"  # and asks no more than ever
    assert caplog.messages == ["rules: OperationalError"] * 3
    ListEntry.objects.all().delete()
    wait(1)
    assert verdict() is None


def test_what_was_never_read_is_unavailable(
    wait: Wait, down: AbstractContextManager[None], caplog: pytest.LogCaptureFixture
) -> None:
    block()
    with down, pytest.raises(Unavailable):
        rules.get()
    assert caplog.messages == ["rules: OperationalError"]
    assert verdict() == "block"  # asked again at once, since there is nothing to go by
