"""What is shipped of others' scripts is what they published, with their licence beside it."""

import hashlib
import re

from tests.live import ROOT

CHARTJS = ROOT / "verifications/static/verifications/vendor/chartjs"


def test_each_file_is_the_one_that_was_published() -> None:
    lines = (CHARTJS / "SHA256SUMS").read_text().splitlines()
    recorded = {name: digest for digest, name in map(str.split, lines)}
    shipped = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in CHARTJS.iterdir()
        if path.name != "SHA256SUMS"
    }
    assert shipped == recorded
    assert shipped.keys() == {"LICENSE.txt", "chart.umd.min.js"}


def test_its_version_is_the_one_that_make_vendor_fetches() -> None:
    found = re.search(r"^CHARTJS = chart\.js-([\d.]+)$", (ROOT / "Makefile").read_text(), re.M)
    assert found
    assert f"Chart.js v{found[1]}" in (CHARTJS / "chart.umd.min.js").read_text()[:100]
