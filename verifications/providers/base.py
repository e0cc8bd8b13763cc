"""What every SMS platform has in common: one way through, and three kinds of failure.

A provider builds a request, posts it, parses the answer, and then returns or raises:

SendError
├── Rejected      this message will never pass, since its number is bad; do not try it elsewhere
├── Unavailable   surely not taken, and another platform may take it
│   ├── Declined      by this platform's rules for this text: its word list, its own counters
│   ├── Throttled     too many requests just now
│   ├── OverBudget    it was not asked: there is no money for it
│   └── Unreachable   the platform did not even answer
└── Uncertain     may have been taken: a read timeout, a torn answer
    └── Duplicate     the platform has had this request id before: it took the first
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Text:
    """One text to one or more phones. Not shown in a repr: it carries codes and numbers."""

    phones: Sequence[str] = field(repr=False)  # E.164
    template: str  # the platform's own id of it
    params: Mapping[str, str] = field(repr=False)  # in the order of the template's places
    request_id: str  # ours, unique: at most 32 letters and digits


@dataclass(frozen=True)
class Accepted:
    """The platform took the text; whether it arrived, a receipt tells later."""

    message_id: str  # the platform's own


@dataclass(frozen=True)
class Check:
    """One line of `manage.py doctor`."""

    name: str
    ok: bool
    detail: str
    hint: str = ""  # what to do about it, where it is not ok


class SendError(Exception):
    """`code` and `reason` are the platform's own or ours; neither names a phone or a secret."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason


class Rejected(SendError):
    pass


class Unavailable(SendError):
    pass


class Declined(Unavailable):
    pass


class Throttled(Unavailable):
    pass


class OverBudget(Unavailable):
    """Ours, not a platform's; `retry_after` seconds later the full budgets begin anew."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("budget")
        self.retry_after = retry_after


class Unreachable(Unavailable):
    pass


class Uncertain(SendError):
    pass


class Duplicate(Uncertain):
    pass


@dataclass(frozen=True)
class Push:
    """What a platform posted to our webhook."""

    headers: Mapping[str, str]  # names in any case
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Receipt:
    """A platform's later report on one text (状态报告)."""

    message_id: str  # the platform's own; "" where it names our request alone
    request_id: str  # ours, echoed; "" where the platform does not
    phone: str = field(repr=False)  # E.164
    delivered: bool
    code: str  # the carrier's or the platform's, such as DELIVRD


class BadPush(ValueError):
    """A push that this platform cannot have sent: malformed, or its signature is wrong."""


class Provider(ABC):
    """An SMS platform. One instance a process, shared by its threads."""

    name: str
    batch_limit: int = 1  # phones a request
    real: bool = True  # False for a Decoy, which has no breaker and costs nothing

    @abstractmethod
    def send(self, text: Text) -> Mapping[str, Accepted | SendError]:
        """Hand the text over: what became of it, for each phone.

        Raises SendError where the platform gives one answer for all of them; a Rejected says then
        that one of the numbers is bad, without saying which.
        """

    def can_repeat(self, first_sent: datetime) -> bool:
        """Whether a request of that time may be sent again with its request id: the platform
        still remembers the id and texts nobody twice. False where it never does."""
        return False

    def read_receipts(self, push: Push) -> list[Receipt]:
        """The status reports of a push; what else a platform pushes (uplinks) is no report.

        Raises BadPush.
        """
        raise BadPush(f"{self.name} pushes no receipts")

    def acknowledge(self, push: Push) -> tuple[str, bytes]:
        """(content type, body) that this platform wants to read after a push that was taken."""
        return "text/plain", b""

    def pull_receipts(self) -> list[Receipt]:
        """Reports that the platform keeps for us, where push is not set up. Raises SendError."""
        return []

    def check(self, templates: Sequence[str]) -> list[Check]:
        """Ask the platform about our account and these templates of it, for `manage.py doctor`."""
        return []
