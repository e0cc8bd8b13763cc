"""A platform's error codes as data: `[{code, meaning, class}]` in a file of its own.

A code may stand for several (`1-3,7`) or for all that begin alike (`Throttling*`); the longest
beginning wins, and a code that is written out wins over any.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from .base import Declined, Duplicate, Rejected, SendError, Throttled, Unavailable, Uncertain

Kind = Literal[
    "success",
    "config",
    "request",
    "recipient",
    "content",
    "rate",
    "throughput",
    "balance",
    "transient",
    "duplicate",
    "unknown_outcome",
    "n/a",
]

# The class of an error code -> what to do about it; all others are Unavailable.
_ERRORS: dict[str, type[SendError]] = {
    "recipient": Rejected,
    "content": Declined,
    "rate": Declined,
    "throughput": Throttled,
    "duplicate": Duplicate,
    "unknown_outcome": Uncertain,
}
_RANGE = re.compile("([0-9]+)-([0-9]+)")
# A phone or a code that the platform repeats is not for our logs.
_DIGITS = re.compile(r"\d{4,}")
_PHONE = re.compile(r"\d{7,}")


class Row(NamedTuple):
    kind: Kind
    meaning: str


NOT_LISTED = Row("n/a", "")


@cache
def load(path: Path) -> dict[str, Row]:
    """{code: row} of a data file; a code that stands for a beginning keeps its `*`."""
    rows: dict[str, Row] = {}
    for entry in json.loads(path.read_text()):
        for part in entry["code"].split(","):
            rows.update(dict.fromkeys(_spread(part), Row(entry["class"], entry["meaning"])))
    return rows


def _spread(part: str) -> list[str]:
    """`160001-160010` -> each of them."""
    found = _RANGE.fullmatch(part)
    if not found:
        return [part]
    first, last = found.groups()
    return [f"{n:0{len(first)}d}" for n in range(int(first), int(last) + 1)]


def look_up(path: Path, code: str) -> Row:
    """NOT_LISTED for a code that the file has not."""
    rows = load(path)
    beginnings = (f"{code[:length]}*" for length in range(len(code), 0, -1))
    return next((rows[key] for key in (code, *beginnings) if key in rows), NOT_LISTED)


def error_of(path: Path, code: str, reason: str) -> SendError:
    """The failure that a platform's refusal is.

    A code that nobody knows is a refusal all the same: not taken, so Unavailable.
    """
    code = code[:64]
    failure = _ERRORS.get(look_up(path, code).kind, Unavailable)
    return failure(_PHONE.sub("…", code), _DIGITS.sub("…", reason)[:200])
