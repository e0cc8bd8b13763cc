"""What every platform shares: the clock, the phones, the faults, the reports."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from sandbox.faults import Faults
from sandbox.phones import Phones, Text
from sandbox.receipts import Receipt, Receipts
from sandbox.wire import Platform

# China keeps one time and has no summer time; a fixed offset needs no time zone database.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

RECEIPT_DELAY = 0.3  # seconds from a text to its report
MAX_LATENCY = 600.0  # seconds


def now() -> datetime:
    """The real time, in Shanghai."""
    return datetime.now(SHANGHAI)


@dataclass
class World:
    """Everything behind the platforms. `clock` gives an aware datetime; durations do not use it,
    so that a clock that stands still does not stop the world. `latency` is in seconds."""

    clock: Callable[[], datetime] = now
    receipt_delay: float = RECEIPT_DELAY
    latency: float = 0.0
    phones: Phones = field(default_factory=Phones)
    faults: Faults = field(default_factory=Faults)
    receipts: Receipts = field(default_factory=Receipts)
    platforms: tuple[Platform, ...] = ()

    def time(self) -> datetime:
        """The clock's time, in Shanghai."""
        return self.clock().astimezone(SHANGHAI)

    def deliver(self, text: Text, report: Callable[[str], Receipt]) -> None:
        """Brings one text to its phone and has it reported; `report` makes the report from the
        carrier's code, '' meaning delivered."""
        fault = self.faults.take_receipt(text.provider, text.phone)
        kind = fault.kind if fault else ""
        lost = fault.code if fault and kind == "failed_receipt" else ""
        if not lost:
            self.phones.receive(text)
        late = fault.delay if fault and kind == "late_receipt" else self.receipt_delay
        times = {"no_receipt": 0, "duplicate_receipt": 2}.get(kind, 1)
        for _ in range(times):
            self.receipts.schedule(report(lost), late)

    def platform(self, name: str) -> Platform | None:
        """The platform of that name."""
        return next((platform for platform in self.platforms if platform.name == name), None)
