"""Rows of the version before come through the migrations, and that version goes on with the new
tables until the last of its processes has been restarted."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.databases import MissingError, postgresql
from tests.live import ROOT, clean_environment

pytestmark = pytest.mark.live

_BEFORE = "0007_rollups"


@contextmanager
def _sqlite() -> Iterator[str]:
    yield ""


def _run(place: Path, database: str, *arguments: str) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.rolling.settings",
        "DADASHOP_DATA_DIR": str(place),
        "SMS_PROVIDERS": "locmem",
    }
    if database:
        environment["DATABASE_URL"] = database
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(params=[_sqlite, postgresql])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(request.param())
        except MissingError:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip("there is no such server")
        yield url


def test_they_are_sent(database: str, tmp_path: Path) -> None:
    migrate = "manage.py", "migrate", "--verbosity", "0"
    _run(tmp_path, database, *migrate, "verifications", _BEFORE)
    _run(tmp_path, database, "-m", "tests.rolling.before", "write", _BEFORE)
    _run(tmp_path, database, *migrate)
    _run(tmp_path, database, "-m", "tests.rolling.before", "go-on", _BEFORE)
