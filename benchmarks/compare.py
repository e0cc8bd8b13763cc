"""`python -m benchmarks.compare [BASELINE] [NEW]`: what a bench measures that an earlier did not.

A row that has a ratio is compared by it, as ratios come from one run and mean the same on a slower
machine; others by their value. It has moved where the spreads of both runs are apart, and its
medians by more than 5 %, which two runs of the same code may be. 1 where something got worse, 2
where a file cannot be read.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from .report import Row

_NOISE = 0.05  # of the larger median
BETTER, WORSE, SAME, MACHINE, OTHER = "better", "WORSE", "", "(the machine)", "not comparable"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("baseline", nargs="?", type=Path, default=Path("benchmarks/baseline.json"))
    parser.add_argument("new", nargs="?", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args(arguments)
    try:
        before, after = read(options.baseline), read(options.new)
    except (OSError, msgspec.DecodeError) as error:
        print(f"cannot be compared: {error}", file=sys.stderr)
        return 2
    return tell(before, after)


def read(path: Path) -> dict[str, Row]:
    """The rows of a bench by their names. Raises OSError or msgspec.DecodeError."""
    rows = msgspec.json.decode(path.read_bytes(), type=list[Row])
    return {row.name: row for row in rows}


def tell(before: Mapping[str, Row], after: Mapping[str, Row]) -> int:
    """Print what moved, and the rows that only one of the two has; 1 where something got worse."""
    verdicts = {name: verdict(before[name], after[name]) for name in before if name in after}
    for name, found in verdicts.items():
        if found:
            print(f"{name}: {_figures(before[name])} -> {_figures(after[name])}  {found}")
    for name in [name for name in before if name not in after]:
        print(f"{name}: missing from the new run")
    for name in [name for name in after if name not in before]:
        print(f"{name}: not in the baseline")
    moved = sum(found in (BETTER, WORSE) for found in verdicts.values())
    print(f"{moved} of {len(verdicts)} rows moved.")
    return int(WORSE in verdicts.values())


def verdict(before: Row, after: Row) -> str:
    if before.unit != after.unit or (before.ratio is None) != (after.ratio is None):
        return OTHER
    old, new = _median(before), _median(after)
    apart = min(after.spread) > max(before.spread) or max(after.spread) < min(before.spread)
    if not apart or abs(new - old) <= _NOISE * max(abs(new), abs(old)):
        return SAME
    if before.ratio is None and _is_rate(before):
        return MACHINE
    return BETTER if (new > old) == _is_rate(before) else WORSE


def _median(row: Row) -> float:
    return row.value if row.ratio is None else row.ratio


def _is_rate(row: Row) -> bool:
    """More of it is better, as of all that is a second; of times, bytes and shares less is. A rate
    that is no ratio is what others are held to: how fast the machine was, which is nobody's fault.
    """
    return row.unit.endswith("/s")


def _figures(row: Row) -> str:
    unit = row.unit if row.ratio is None else "x"
    return f"{_median(row):,g} {unit} ({min(row.spread):,g} to {max(row.spread):,g})"


if __name__ == "__main__":
    sys.exit(main())
