"""`make bench` runs, and writes what the dashboards read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.report import BARS, Row
from tests.live import ROOT, clean_environment


@pytest.mark.live
def test_a_quick_run(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--output", str(output)],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(output.read_text())
    keys = {"name", "value", "unit", "baseline", "ratio", "runs", "spread"}
    assert all(row.keys() == keys for row in rows)
    measured = {row["name"] for row in rows}
    assert set(BARS) <= measured
    assert all(name in done.stdout for name in measured)


@pytest.mark.parametrize(
    ("name", "value", "ratio", "passed"),
    [
        ("http.send", 1.0, 0.75, True),
        ("http.send", 1.0, 0.74, False),
        ("redis.bytes_per_code", 220, None, True),
        ("redis.bytes_per_code", 221, None, False),
        ("http.bare", 1.0, None, True),
        ("notices.cpu", 9.0, 0.60, True),
        ("notices.cpu", 0.1, 0.61, False),
        ("notices.throughput", 900, None, False),  # nothing to measure it against
    ],
)
def test_a_bar_is_held_to(name: str, value: float, ratio: float | None, passed: bool) -> None:
    assert Row(name, value, "", None, ratio, 5, []).passed is passed
