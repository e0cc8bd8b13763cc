"""How a phone stands with its limits: what support staff see, and what they may forgive."""

from collections.abc import Sequence

import msgspec

from . import records, scripts, store
from .exceptions import VerificationError


class Quota(msgspec.Struct, array_like=True):
    """One limit, and what is used of it."""

    kind: str
    most: int
    window_ms: int
    used: int
    wait_ms: int  # until one more fits


class Guesses(msgspec.Struct, array_like=True):
    """Wrong ones: all of FAILURE_LIMIT's window, how long none more is taken, those at the code."""

    used: int
    wait_ms: int
    at_code: int


class Slot(msgspec.Struct, array_like=True):
    """One of a phone's codes, and whether a text of it would go out."""

    name: str
    life_ms: int  # 0 where there is no code
    of_askers: Guesses  # of the address among those that has made the most
    of_strangers: Guesses
    refused: str  # as lua/parts/deciding.lua names it; "" for nothing
    wait_ms: int


class Scope(msgspec.Struct, array_like=True):
    """What a phone shares with many: texts of GUARD_WINDOW, what the guard feels, the quotas."""

    kind: str
    asked: int
    verified: int
    level: int
    quotas: list[Quota]


class Look(msgspec.Struct, array_like=True):
    """All that decides on a phone's next text."""

    stranger: bool  # the phone is known, and not at that address
    quotas: list[Quota]
    slots: list[Slot]
    scopes: list[Scope]


def look_in(ledger: records.Ledger, slots: Sequence[str]) -> Look:
    """What store.issue() would go by, of these slots and those with something in them.

    Changes nothing. Raises Unavailable.
    """
    keys = [*ledger.names, *ledger.shared]
    found = scripts.run("look_in", keys, store.ahead_ms, ledger.tag, *slots, plan=ledger.plan)
    return msgspec.msgpack.decode(found, type=Look)


def refusal(slot: Slot) -> VerificationError | None:
    """What store.issue() would refuse a text of that code with."""
    return store.refusal_of(slot.refused, -(-slot.wait_ms // 1000)) if slot.refused else None


def pardon(ledger: records.Ledger) -> tuple[int, int]:
    """Forget what a phone has used up: (texts, wrong guesses). A code that was guessed at goes
    too, as its guesses would begin anew. Raises Unavailable."""
    sends, guesses = scripts.run("pardon", ledger.names, store.ahead_ms)
    return sends, guesses
