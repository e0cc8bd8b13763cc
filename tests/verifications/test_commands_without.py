"""What a command says where something is away: one line with what to do, and no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.live import ROOT, clean_environment, free_port

PHONE = "13800138000"
PRUNE = ["prune_messages", "--older-than", "90d"]
NOWHERE = f"127.0.0.1:{free_port()}"
TABLES = "CommandError: Tables are missing; run manage.py migrate.\n"
DATABASE = "CommandError: The database is out of reach (OperationalError); check DATABASE_URL.\n"
REDIS = "CommandError: Redis is out of reach (ConnectionError); check REDIS_URL.\n"


def _complaint(tmp_path: Path, command: list[str], **environment: str) -> str:
    """The last line; those before are the log's."""
    run = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=clean_environment(DADASHOP_DATA_DIR=str(tmp_path), **environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, "Traceback" in run.stderr) == (1, False)
    assert "s3cret" not in run.stderr
    assert PHONE not in run.stdout + run.stderr
    return run.stderr.splitlines(keepends=True)[-1]


@pytest.mark.parametrize("command", [PRUNE, ["show_phone", PHONE], ["unblock", PHONE]])
def test_tables_are_missing(command: list[str], tmp_path: Path, settings: LazySettings) -> None:
    assert _complaint(tmp_path, command, REDIS_URL=str(settings.REDIS_URL)) == TABLES


@pytest.mark.parametrize("command", [PRUNE, ["unblock", PHONE, "--keep-quotas"]])
def test_the_database_is_away(command: list[str], tmp_path: Path, settings: LazySettings) -> None:
    away = f"postgres://mall:s3cret@{NOWHERE}/mall"
    redis = str(settings.REDIS_URL)
    assert _complaint(tmp_path, command, REDIS_URL=redis, DATABASE_URL=away) == DATABASE


def test_redis_is_away(tmp_path: Path) -> None:
    away = f"redis://:s3cret@{NOWHERE}/0"
    assert _complaint(tmp_path, ["unblock", PHONE], REDIS_URL=away) == REDIS
