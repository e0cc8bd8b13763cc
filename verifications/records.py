"""What goes to Redis and comes from it: codes, reservations, and where a phone is kept."""

from typing import NamedTuple


class Challenge(NamedTuple):
    """A code as Redis keeps it: the mark of the key that made it, what from, its digest."""

    mark: bytes  # 2 bytes
    seed: bytes  # 10 bytes
    digest: bytes  # 16 bytes

    @property
    def text(self) -> str:
        """Mark and seed, which a message keeps: what the code is derived from, not the code."""
        return (self.mark + self.seed).hex()


class Ledger(NamedTuple):
    """Where a phone, and all that it shares limits with, is kept; ledger.py makes them."""

    names: list[str]  # the keys that the phone's state may stand under, the current one first
    shared: list[str]  # one key each of the plan's scopes
    plan: bytes  # limits.plan()
    tag: str  # of the address; NO_TAG where none is known


class Letter(NamedTuple):
    """A text for the outbox (outbox.py)."""

    id: bytes
    text: bytes


class Notice(NamedTuple):
    """What the guard has to say of a scope: level 2 is uneasy, 3 alarmed."""

    kind: str
    level: int
    asked: int  # texts in GUARD_WINDOW
    verified: int


class Reservation(NamedTuple):
    """A send that was let through, and what it takes to give it back."""

    ledger: Ledger
    slot: str
    at_ms: int
    expires_ms: int
    resend_ms: int  # from at_ms
    before: bytes
    after: bytes

    @property
    def challenge(self) -> Challenge:
        """The challenge in force: that of a live code sent again, else the one offered."""
        record = self.after[12:40]  # behind two times, before who asked for it
        return Challenge(record[:2], record[2:12], record[12:])

    @property
    def expires_in(self) -> int:
        """Whole seconds that the code has to live."""
        return (self.expires_ms - self.at_ms) // 1000

    @property
    def resend_after(self) -> int:
        """Whole seconds until the phone's own limits let the next send through."""
        return whole_seconds(self.resend_ms)


class Life(NamedTuple):
    """What Redis knows of a code, in seconds; `expires_in` is 0 once it is used, burnt or gone."""

    expires_in: int
    resend_after: int


def whole_seconds(milliseconds: int) -> int:
    """Rounded up, and one at least: a client that waits so long gets through."""
    return max(1, -(-milliseconds // 1000))
