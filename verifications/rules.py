"""What operators set in the admin, as every process goes by it: read into memory, and read again
within a second of any change.

    rules.get().of_phone("+8613800138000")   # "block", "allow" or None

Once a second at most, one thread asks the database whether anything has changed (counts and sums,
models.Rule), and reads it all if so. What reaches its `expires_at` ends at once, by our own clock.
With the database away the last that was read stays in force.
"""

import ipaddress
import logging
import math
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.core.exceptions import ValidationError
from django.db import Error, models
from django.utils import timezone

from . import entries
from .exceptions import Unavailable
from .models import Budget, ListEntry, Rule

logger = logging.getLogger(__name__)

Verdict = Literal["block", "allow"]
Row = tuple[str, str, str, datetime | None]  # of ListEntry: list, what, value, expires_at

Budgets = Mapping[str, tuple[Decimal | None, Decimal | None]]  # scope -> yuan an hour, a day

_CHECK_EVERY = 1.0  # seconds
# How long a thread waits for another that reads, once what it has is half a second overdue ...
_PATIENCE = 0.5
_FIRST_PATIENCE = 5.0  # ... or it has nothing yet.
_READ: tuple[type[Rule], ...] = (ListEntry, Budget)


class Table:
    """Entries of one kind: by what they name, the end of each (seconds since 1970)."""

    def __init__(self) -> None:
        self.allow: dict[Any, float] = {}
        self.block: dict[Any, float] = {}
        self.lengths: list[int] = []  # of prefixes, the longest first

    def add(self, verdict: str, key: Any, end: float, length: int = 0) -> None:
        (self.allow if verdict == "allow" else self.block)[key] = end
        if length not in self.lengths:
            self.lengths = sorted({*self.lengths, length}, reverse=True)

    def verdict(self, key: Any, now: float) -> Verdict | None:
        """Where both lists name the same, it is allowed."""
        if self.allow.get(key, 0.0) > now:
            return "allow"
        return "block" if self.block.get(key, 0.0) > now else None


class Rules:
    """One reading of it all; nothing in it ever changes."""

    def __init__(self, rows: Iterable[Row] = (), budgets: Budgets | None = None) -> None:
        self.budgets: Budgets = budgets or {}
        self._phones, self._segments = Table(), Table()
        self._networks = {4: Table(), 6: Table()}
        for row in rows:
            try:
                self._add(*row)
            except ValidationError:  # written past models.ListEntry
                logger.error("rules: an entry of type %s cannot be read", row[1])

    def _add(self, verdict: str, what: str, value: str, expires_at: datetime | None) -> None:
        end = expires_at.timestamp() if expires_at else math.inf
        if what == "address":
            network = entries.network(value)
            key = network.prefixlen, _leading(network.network_address, network.prefixlen)
            self._networks[network.version].add(verdict, key, end, network.prefixlen)
            return
        value = value if value.startswith("+") else entries.canonical(what, value)
        if what == "phone":
            self._phones.add(verdict, value, end)
        else:
            self._segments.add(verdict, value, end, len(value))

    def of_phone(self, e164: str) -> Verdict | None:
        """The phone's own entry, else that of the longest segment it lies in.

        Of two entries that are equally close, the one that allows.
        """
        now = _now()
        if verdict := self._phones.verdict(e164, now):
            return verdict
        for length in self._segments.lengths:
            if verdict := self._segments.verdict(e164[:length], now):
                return verdict
        return None

    def phone_listed_itself(self, e164: str) -> bool:
        """Whether of_phone() goes by the phone's own entry."""
        return self._phones.verdict(e164, _now()) is not None

    def of_address(self, ip: str) -> Verdict | None:
        """That of the smallest range it lies in; of two that are equal, the one that allows."""
        if not any(table.lengths for table in self._networks.values()):
            return None  # reading the address would take longer than all else here
        address = ipaddress.ip_address(ip)
        if isinstance(address, ipaddress.IPv6Address):
            address = address.ipv4_mapped or address
        table, now = self._networks[address.version], _now()
        for length in table.lengths:
            if verdict := table.verdict((length, _leading(address, length)), now):
                return verdict
        return None


def _leading(address: ipaddress.IPv4Address | ipaddress.IPv6Address, length: int) -> int:
    return int(address) >> (address.max_prefixlen - length)


def _now() -> float:
    return timezone.now().timestamp()


class _Reading(NamedTuple):
    rules: Rules
    version: list[Any]
    asked: float  # time.monotonic() when we last asked whether it still is what there is
    answered: bool = True


_last: _Reading | None = None
_turn = threading.Lock()


def get() -> Rules:
    """What is in force. Raises Unavailable if it could never be read."""
    last = _last
    age = time.monotonic() - last.asked if last else math.inf
    if last and age < _CHECK_EVERY:
        return last.rules
    # Whoever asks at the same time goes on with what it has, which is as good as just asked for.
    soon = age < _CHECK_EVERY + _PATIENCE
    patience = 0 if soon else _PATIENCE if last else _FIRST_PATIENCE
    if not _turn.acquire(timeout=patience):
        if (newest := _last or last) is None:
            raise Unavailable
        return newest.rules
    try:
        return _ask().rules
    finally:
        _turn.release()


def reachable() -> bool:
    """Whether the database answered when get() asked it last."""
    return _last is not None and _last.answered


def forget() -> None:
    """The next get() asks the database, however short a time ago it was asked."""
    global _last
    _last = None


def _ask() -> _Reading:
    global _last
    last, asked, answered = _last, time.monotonic(), True
    if last and asked - last.asked < _CHECK_EVERY:
        return last  # another thread was here while we waited
    try:
        version = [_version(model) for model in _READ]  # first, so that no change is missed
        current = last.rules if last and last.version == version else _read()
    except Error as error:
        logger.error("rules: %s", type(error).__name__)
        if last is None:
            raise Unavailable from error
        current, version, asked, answered = last.rules, last.version, time.monotonic(), False
    _last = _Reading(current, version, asked, answered)
    return _last


def _version(model: type[Rule]) -> dict[str, Any]:
    return model.objects.aggregate(
        rows=models.Count("pk"), ids=models.Sum("pk"), revisions=models.Sum("revision")
    )


def _read() -> Rules:
    rows = ListEntry.objects.values_list("list", "what", "value", "expires_at")
    budgets = Budget.objects.values_list("scope", "hourly", "daily")
    return Rules(rows, {scope: (hourly, daily) for scope, hourly, daily in budgets})
