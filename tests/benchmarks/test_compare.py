"""`python -m benchmarks.compare`: what moved between two runs, and whether that is worse."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import compare
from benchmarks.report import Row, row


def _rate(*ratios: float, name: str = "http.send") -> Row:
    return row(name, "requests/s", [ratio * 1000 for ratio in ratios], [1000] * len(ratios))


def _bytes(*values: float) -> Row:
    return row("redis.bytes_per_code", "bytes", list(values))


def _written(path: Path, *rows: Row) -> str:
    path.write_text(json.dumps([asdict(each) for each in rows]))
    return str(path)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (_rate(0.6, 0.62, 0.64), _rate(0.5, 0.51, 0.52), compare.WORSE),
        (_rate(0.6, 0.62, 0.64), _rate(0.7, 0.71, 0.72), compare.BETTER),
        (_rate(0.6, 0.62, 0.64), _rate(0.5, 0.51, 0.61), compare.SAME),  # spreads overlap
        (_rate(0.62), _rate(0.6), compare.SAME),  # no more than noise
        (_bytes(200), _bytes(240), compare.WORSE),
        (_bytes(240), _bytes(200), compare.BETTER),
        (_bytes(200), _bytes(209), compare.SAME),
        (_bytes(0), _bytes(0), compare.SAME),
    ],
)
def test_a_row_moves_where_the_spreads_are_apart(before: Row, after: Row, found: str) -> None:
    assert compare.verdict(before, after) == found


def test_less_of_a_time_is_better_by_ratio_too() -> None:
    before, after = (row("notices.cpu", "ms/message", [mine], [5.0]) for mine in (1.5, 1.0))
    assert compare.verdict(before, after) == compare.BETTER
    assert compare.verdict(after, before) == compare.WORSE


def test_a_slower_machine_is_nobodys_fault() -> None:
    fast, slow = (row("http.bare", "requests/s", [rate]) for rate in (5000.0, 3000.0))
    assert compare.verdict(fast, slow) == compare.MACHINE
    assert compare.tell({"http.bare": fast}, {"http.bare": slow}) == 0


def test_a_ratio_is_not_compared_with_a_value() -> None:
    alone = row("http.send", "requests/s", [600.0])
    assert compare.verdict(_rate(0.6), alone) == compare.OTHER


def test_what_got_worse_is_told_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = _written(tmp_path / "old", _rate(0.6, 0.62), _bytes(200))
    new = _written(tmp_path / "new", _rate(0.4, 0.42), _bytes(201))
    assert compare.main([old, new]) == 1
    said = capsys.readouterr().out
    assert "http.send: 0.61 x (0.6 to 0.62) -> 0.41 x (0.4 to 0.42)  WORSE" in said
    assert "redis.bytes_per_code" not in said
    assert "1 of 2 rows moved." in said
    assert compare.main([new, old]) == 0


def test_rows_of_one_run_alone_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = _written(tmp_path / "old", _rate(0.6), _bytes(200))
    new = _written(tmp_path / "new", _rate(0.6), _rate(0.9, name="http.new"))
    assert compare.main([old, new]) == 0
    said = capsys.readouterr().out
    assert "redis.bytes_per_code: missing from the new run" in said
    assert "http.new: not in the baseline" in said


@pytest.mark.parametrize("text", [None, "{", '[{"name": "http.send"}]'])
def test_a_file_that_cannot_be_read_is_no_comparison(text: str | None, tmp_path: Path) -> None:
    old, broken = _written(tmp_path / "old", _rate(0.6)), tmp_path / "broken"
    if text is not None:
        broken.write_text(text)
    assert compare.main([old, str(broken)]) == 2
