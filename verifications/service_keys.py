"""The keys of the mall's other services: settings hold their hashes alone.

A key is random, so one round of SHA-256 hides it as well as many would.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

HASHED = "sha256:"


def new() -> str:
    """256 random bits, as letters and digits."""
    return secrets.token_hex(32)


def hash_of(key: str) -> str:
    """`sha256:` and 64 hex digits, as SERVICE_KEYS has it."""
    return HASHED + hashlib.sha256(key.encode()).hexdigest()


def is_one(shown: str, hashes: Iterable[str]) -> bool:
    """Whether it is the key of one of these; all are looked at, however early one fits."""
    ours = hash_of(shown)
    return sum(hmac.compare_digest(ours, one) for one in hashes) > 0
