"""`python -m benchmarks.scripts_time` runs, and measures each script beside its floor."""

import subprocess
import sys

import pytest

from tests.live import ROOT, clean_environment


@pytest.mark.live
def test_a_short_run() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scripts_time", "--phones", "50", "--rounds", "2"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = [line.split("  ")[0] for line in done.stdout.splitlines()]
    assert told == ["nothing", "issue, floor", "issue", "check, floor", "check"]
