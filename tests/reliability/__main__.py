"""`python -m tests.reliability [WORD ...]`: the table of docs/reliability.md.

All of its cases, or those with one of the words in `case | platform`.
"""

import sys
from collections.abc import Sequence

from tests.databases import MissingError
from tests.reliability.cases import Case, every, run
from tests.reliability.tally import Tally

NOTICES = 200
_HEAD = (
    "case", "platform", "messages", "delivered or sent", "by receipt alone", "unknown", "texts",
    "phones texted twice", "workers killed", "seconds",
)  # fmt: skip


def main(words: Sequence[str]) -> int:
    """1 where a promise was broken or a case could not run."""
    _print(_HEAD)
    _print(["---"] * len(_HEAD))
    bad = []
    for case in every():
        title = f"{case.name} | {case.platform}"
        if words and not any(word in title for word in words):
            continue
        try:
            seen = run(case, NOTICES)
        except (AssertionError, MissingError) as error:
            bad.append(f"{title}: NOT RUN: {type(error).__name__} {error}")
            continue
        _print(_cells(case, seen))
        bad += [f"{title}: BROKEN: {promise}" for promise in case.wrong(seen, NOTICES)]
    sys.stdout.writelines(f"{line}\n" for line in bad)
    return int(bool(bad))


def _cells(case: Case, seen: Tally) -> list[str]:
    numbers = (
        seen.messages, seen.count("delivered", "sent"), seen.silent, seen.count("unknown"),
        seen.texts, seen.twice, seen.deaths, round(seen.seconds),
    )  # fmt: skip
    return [case.name, case.platform, *map(str, numbers)]


def _print(cells: Sequence[str]) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
