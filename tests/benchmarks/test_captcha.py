import subprocess
import sys

import pytest

from tests.live import ROOT


@pytest.mark.browser
def test_the_work_of_a_captcha_is_measured() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.captcha", "--runs", "2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    told = [line.split("  ")[0] for line in done.stdout.splitlines()]
    assert told == ["browser, an answer", "server, a challenge", "server, an answer"]
