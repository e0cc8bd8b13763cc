"""What the signatures of the clouds have in common."""

from datetime import UTC, datetime
from urllib.parse import quote


def now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """`2025-12-31T23:59:59Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def encode(text: str) -> str:
    """RFC 3986: a space is %20, and ~ stays."""
    return quote(text, safe="-_.~")
