"""`python -m benchmarks.growth`: the plan of every statement of the hot path and of receipts, on
PostgreSQL with many texts.

1 where one reads all of a table or partition. A PostgreSQL of our own, in a directory that is gone
afterwards: some seven gigabytes for ten million texts. docs/performance.md quotes it.
"""

import argparse
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from .dashboard import _size, _world

if TYPE_CHECKING:
    from .plans import Explained

_FEW = 1000  # rows of a partition that are read as fast as one of them is found
_WIDTH = 76  # of a statement in the table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=90, help="that the texts are spread over")
    parser.add_argument("--plans", action="store_true", help="print each plan as well")
    parser.add_argument(
        "--quick", action="store_true", help="with few rows: whether an index could serve each"
    )
    options = parser.parse_args()
    with _world():
        from . import history

        started = time.perf_counter()
        history.write(options.rows, options.days)
        history.write_waiting(options.rows // 100)
        print(f"{options.rows:,} texts of {options.days} days, {_size()} with all indexes")
        print(f"written in {time.perf_counter() - started:.0f} s")
        found = _walk(quick=options.quick)
    print(_table(found))
    if options.plans:
        for one in found:
            print(f"\n-- {one.step}\n{str(one)[:1000]}", *one.lines, sep="\n")
    most = 0 if options.quick else _FEW
    bad = [one for one in found if _read_whole(one, most)]
    for one in bad:
        print(f"READS ALL of {', '.join(_read_whole(one, most))}: {one.step}: {str(one)[:_WIDTH]}")
    return 1 if bad else 0


def _walk(*, quick: bool) -> "list[Explained]":
    from django.db import connection

    from . import walk
    from .plans import explained

    found: list[Explained] = []
    for step, act in walk.steps():
        with connection.cursor() as cursor:
            # Of a few rows the planner would rather read all, wherever it may.
            cursor.execute(f"SET enable_seqscan = {'off' if quick else 'on'}")
        with explained(step, found):
            act()
    return found


def _read_whole(one: "Explained", most: int) -> list[str]:
    """Tables and partitions of the log that it reads from end to end, with more rows than that."""
    return [scan.table for scan in one.scans if scan.kind == "Seq Scan" and scan.rows >= most]


def _by(one: "Explained") -> str:
    """What it reads the log by, and in how many tables and partitions."""
    kinds = Counter("empty" if scan.empty else scan.kind for scan in one.scans)
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "no reading"


def _table(found: "list[Explained]") -> str:
    lines = [f"{'step':<20}{'statement':<{_WIDTH + 2}}{'pages':>6}{'ms':>9}  by"]
    for one in found:
        statement = f"{str(one)[:_WIDTH]:<{_WIDTH + 2}}"
        lines.append(f"{one.step:<20}{statement}{one.pages:>6}{one.ms:>9.2f}  {_by(one)}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
