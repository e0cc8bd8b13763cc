"""`manage.py send_notices`, ended in the middle and run again: no text lost, none twice."""

import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from django.conf import LazySettings

from sandbox import Sandbox
from tests.live import ROOT, clean_environment
from verifications.notices import MOST_PHONES

pytestmark = pytest.mark.live

_ALIKE = 50  # rows with the same words, which go out in one request
_ROWS = 2 * MOST_PHONES + 500


class Manage(Protocol):
    def __call__(self, *arguments: str) -> subprocess.Popen[str]: ...


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture
def manage(box: Sandbox, tmp_path: Path, settings: LazySettings) -> Manage:
    environment = clean_environment(
        DJANGO_SETTINGS_MODULE="tests.reliability.settings",  # a dead process' claims end soon
        DADASHOP_DATA_DIR=str(tmp_path),
        REDIS_URL=str(settings.REDIS_URL),
        SANDBOX_URL=box.url,
    )

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    with start("migrate", "-v0") as migrate:
        migrate.communicate(timeout=60)
    return start


@pytest.fixture
def send(manage: Manage, tmp_path: Path) -> list[str]:
    """The command."""
    file = tmp_path / "parcels.csv"
    rows = (f"{13_800_000_000 + n},D{n // _ALIKE},顺丰,SF{n // _ALIKE}" for n in range(_ROWS))
    file.write_text("phone,order,company,number\n" + "\n".join(rows) + "\n")
    return ["send_notices", str(file), "--template", "shipped"]


def _end_in_the_middle(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str]:
    """(exit code, what it said at the end). The second batch is under way by then."""
    assert process.stderr is not None
    for line in process.stderr:
        if line == f"{MOST_PHONES} of {_ROWS} rows\n":
            break
    process.send_signal(how)
    return _end_of(process)


def _end_of(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, complaints = process.communicate(timeout=120)
    assert "Traceback" not in complaints
    return process.returncode, out


def _texts(box: Sandbox) -> Counter[str]:
    """By phone."""
    return Counter(text.phone for text in box.world.phones.messages())


def _waiting(tmp_path: Path) -> int:
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        (count,) = database.execute(
            "SELECT count(*) FROM verifications_message WHERE status = 'queued'"
        ).fetchone()
    return int(count)


def test_kill_9(manage: Manage, send: list[str], box: Sandbox, tmp_path: Path) -> None:
    for _ in range(2):
        code, _ = _end_in_the_middle(manage(*send), signal.SIGKILL)
        assert code == -signal.SIGKILL
    code, out = _end_of(manage(*send))
    assert (code, out.endswith(" 0 refused.\n")) == (0, True)
    for _ in range(60):  # until what the dead had claimed is free
        if not _waiting(tmp_path):
            break
        assert _end_of(manage("sweep")) == (0, "")
    texts = _texts(box)
    assert len(texts) == _ROWS
    assert set(texts.values()) == {1}


def test_ctrl_c(manage: Manage, send: list[str], box: Sandbox) -> None:
    code, out = _end_in_the_middle(manage(*send), signal.SIGINT)
    assert code == 130
    assert "rows are left. Run it again to go on.\n" in out
    sent = int(out.split()[0])
    assert sent in {MOST_PHONES, 2 * MOST_PHONES}
    assert sum(_texts(box).values()) == sent
    told = f"{_ROWS - sent} queued, {sent} sent before, 0 refused.\n"
    assert _end_of(manage(*send)) == (0, told)
    assert set(_texts(box).values()) == {1}
