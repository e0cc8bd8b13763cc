"""What the code in a status report means, in plain words: carrier_codes.json, for all platforms."""

from pathlib import Path
from typing import NamedTuple

from .errors import NOT_LISTED, Kind, look_up

_CODES = Path(__file__).with_name("carrier_codes.json")
_OF_THE_PLATFORM = frozenset({"config", "request", "throughput", "balance", "transient"})


class Carrier(NamedTuple):
    """`kind` is `n/a` where nobody knows what the code is about."""

    kind: Kind
    meaning: str  # for an operator, in Chinese

    @property
    def blames_platform(self) -> bool:
        """Whether another platform might have got the text through: not for a phone that is
        switched off, and not for a code that nobody knows."""
        return self.kind in _OF_THE_PLATFORM


def explain(code: str) -> Carrier:
    """`MK:0012` -> recipient, 空号. Upper and lower case are one."""
    row = look_up(_CODES, code.strip().upper()[:64])
    return Carrier(*row) if row != NOT_LISTED else Carrier("n/a", "未知代码")
