"""Ids that sort by the time they were made at: UUIDv7 (RFC 9562)."""

import os
import time
from datetime import datetime
from uuid import UUID

_RANDOM = 80  # bits below the milliseconds, with the six of version and variant among them


def uuid7() -> UUID:
    """48 bits of Unix milliseconds, then 74 random ones: who is given an id can guess no other."""
    value = time.time_ns() // 1_000_000 << _RANDOM | int.from_bytes(os.urandom(10), "big")
    return UUID(int=value & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def first_of(moment: datetime) -> UUID:
    """No id that is made then or later is below this, which is none itself."""
    return UUID(int=round(moment.timestamp() * 1000) << _RANDOM)
