"""Ctrl-C ends it after the batch that is under way, a second one at once."""

import itertools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verifications.send_notices.conftest import HEADER, Send, texted
from verifications.management.commands import send_notices
from verifications.models import IdempotencyKey, Message

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit


@pytest.fixture
def rows(new_phone: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three, each a batch of its own."""
    monkeypatch.setattr(send_notices, "MOST_PHONES", 1)
    return [f"{new_phone()},D{number},顺丰,SF1" for number in range(3)]


def press_ctrl_c(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the second batch is written, before it is committed."""
    create, batches = IdempotencyKey.objects.bulk_create, itertools.count(1)

    def write(keys: Any) -> Any:
        created = create(keys)
        for _ in range(times if next(batches) == 2 else 0):
            os.kill(os.getpid(), signal.SIGINT)
        return created

    monkeypatch.setattr(IdempotencyKey.objects, "bulk_create", write)


def test_ctrl_c_waits_for_the_batch(
    send: Send, rows: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    press_ctrl_c(1, monkeypatch)
    code, out, _ = send(HEADER, "1,D,顺丰,SF1", *rows, report=tmp_path / "refused.csv")
    assert code == 130
    assert out.endswith(
        "2 queued, 0 sent before, 1 refused.\n"
        "Ended by Ctrl-C, 1 rows are left. Run it again to go on.\n"
    )
    assert [order for _, order in texted()] == ["D0", "D1"]
    assert not (tmp_path / "refused.csv").exists()  # it would lack what comes later
    code, out, _ = send(HEADER, "1,D,顺丰,SF1", *rows, report=tmp_path / "refused.csv")
    assert (code, out) == (1, "1 queued, 2 sent before, 1 refused.\n")
    assert [order for _, order in texted()] == ["D0", "D1", "D2"]
    assert (tmp_path / "refused.csv").exists()


def test_a_second_ctrl_c_waits_for_nothing(
    send: Send, rows: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    press_ctrl_c(2, monkeypatch)
    code, out, complaints = send(HEADER, *rows)
    assert (code, complaints) == (130, "Interrupted.\n")
    assert out.endswith("1 queued, 0 sent before, 0 refused.\n")
    assert [order for _, order in texted()] == ["D0"]
    send(HEADER, *rows)
    assert [order for _, order in texted()] == ["D0", "D1", "D2"]
    assert Message.objects.count() == 3
