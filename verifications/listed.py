"""Which entries of the lists are about a phone or an address, for people who ask.

What a send goes by is in memory (rules.py); these are the rows, as they stand.
"""

from collections.abc import Iterable

from . import entries
from .models import ListEntry


def about(e164: str | None, ip: str | None) -> list[ListEntry]:
    """The entries that are about a phone or an address, and have not ended."""
    beginnings = [e164[:length] for length in range(2, len(e164))] if e164 else []
    found = [
        *_entries("phone", [e164] if e164 else []),
        *_entries("segment", beginnings),
        *_entries("address", _ranges(ip) if ip else []),
    ]
    return [entry for entry in found if not entry.expired]


def shown(entry: ListEntry) -> str:
    """Of a segment the first digits: with the last ones of the phone, all would be a number."""
    if entry.what != ListEntry.What.SEGMENT:
        return entry.shown
    return entry.shown[:3] + "*" * (len(entry.shown) - 3)


def _entries(what: str, values: Iterable[str]) -> list[ListEntry]:
    return [*ListEntry.objects.filter(what=what, value__in=[*values]).order_by("list", "value")]


def _ranges(ip: str) -> list[str]:
    """Every address range that an address lies in, as entries.canonical() writes them."""
    address = entries.network(ip)
    return [
        entries.str_of(address.supernet(new_prefix=length))
        for length in range(address.prefixlen + 1)
    ]
