"""DADASHOP_TEST_NUMBERS -> VERIFICATIONS["TEST_NUMBERS"].

`+8613800000000=123456@2027-01-31`, several with commas between: a phone, its code, its last day.
"""

import re
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_ENTRY = re.compile(
    r"(\+[1-9][0-9]{6,14})=([0-9]{4,9})(?:@([0-9]{4}-[0-9]{2}-[0-9]{2}))?", re.ASCII
)


def read(entries: list[str]) -> dict[str, dict[str, Any]]:
    """ImproperlyConfigured for an entry that is written otherwise."""
    return dict(_read(place, entry.strip()) for place, entry in enumerate(entries, 1))


def _read(place: int, entry: str) -> tuple[str, dict[str, Any]]:
    found = _ENTRY.fullmatch(entry)
    try:
        last_day = date.fromisoformat(found[3]) if found and found[3] else None
    except ValueError:
        found = None
    if not found:  # the entry itself holds a phone and a code
        problem = "is not of the form +8613800000000=123456@2027-01-31"
        raise ImproperlyConfigured(f"DADASHOP_TEST_NUMBERS: entry {place} {problem}.")
    return found[1], {"CODE": found[2], "UNTIL": last_day}
