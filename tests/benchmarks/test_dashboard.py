"""`python -m benchmarks.dashboard` runs, and measures each panel."""

import subprocess
import sys

import pytest

from tests.databases import MissingError, program
from tests.live import ROOT, clean_environment
from verifications.admin.dashboard import _PANELS


@pytest.mark.live
def test_a_short_history() -> None:
    try:
        program("initdb", "/usr/lib/postgresql")
    except MissingError:
        pytest.skip("needs PostgreSQL")
    arguments = ["--rows", "2000", "--days", "1", "--plans"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.dashboard", *arguments],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for name, *_ in _PANELS:
        assert f"\n90 d: {name} " in done.stdout
    assert "page: texts of a phone" in done.stdout
    assert "a use case is counted in " in done.stdout
    assert "Planning Time" in done.stdout
