"""What became of a case's messages, and what is wrong with that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ENDS = {"sent", "delivered", "undelivered", "failed", "expired", "unknown"}


@dataclass(frozen=True)
class Tally:
    messages: int
    statuses: Mapping[str, int]
    unfinished: int  # queued, or unknown without a reason
    texts: int
    twice: int  # phones that were texted more than once
    untexted: int  # phones of messages sent or delivered that were never texted
    unheard: int  # messages that are unknown, though their phone was texted
    silent: int  # messages that are delivered by a receipt alone: no answer told us
    deaths: int
    seconds: float

    def count(self, *statuses: str) -> int:
        return sum(self.statuses.get(status, 0) for status in statuses)


def tally(
    rows: Sequence[Mapping[str, Any]], counts: Mapping[str, int], *, deaths: int, seconds: float
) -> Tally:
    """`rows` as the mall writes them, `counts` how many texts each phone received."""
    unknown = [row for row in rows if row["status"] == "unknown"]
    taken = {row["phone"] for row in rows if row["status"] in ("sent", "delivered")}
    return Tally(
        messages=len(rows),
        statuses=Counter(row["status"] for row in rows),
        unfinished=sum(row["status"] not in _ENDS for row in rows)
        + sum(not row["reason"] for row in unknown),
        texts=sum(counts.values()),
        twice=sum(number > 1 for number in counts.values()),
        untexted=sum(not counts.get(phone) for phone in taken),
        unheard=sum(row["phone"] in counts for row in unknown),
        silent=sum(row["status"] == "delivered" and not row["answered"] for row in rows),
        deaths=deaths,
        seconds=seconds,
    )
