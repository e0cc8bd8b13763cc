"""What a platform pushes to us, read with care: whoever knows the webhook's URL can write it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from .base import BadPush, Push

_LONGEST = 200  # characters; the platforms' ids and codes have at most some 64
_MAINLAND = re.compile("1[3-9][0-9]{9}")
_ABROAD = re.compile("[1-9][0-9]{6,14}")


def read_json(push: Push) -> Any:
    """Raises BadPush."""
    try:
        return json.loads(push.body)
    except (ValueError, RecursionError):
        raise BadPush("not JSON") from None


def member(row: Any, name: str, default: str | None = None) -> str:
    """A member's text, a number written out; `default` where it is missing or null, without one
    it has to be there.

    Raises BadPush for what no id or code looks like: long, or with characters that do not print
    (which PostgreSQL, for one, would not store).
    """
    if not isinstance(row, Mapping):
        raise BadPush("not an object")
    value = row.get(name)
    if value is None and default is not None:
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise BadPush(f"{name} is odd or missing")
    if default is None and not value.strip():
        raise BadPush(f"{name} is empty")
    return value.strip()


def e164(number: str) -> str:
    """`13800138000`, `+86…`, `86…`, `0086…` or `0085251234567` -> `+…`. Raises BadPush.

    Eleven digits that begin as a mainland mobile number are one: platforms write those bare.
    """
    digits = number.removeprefix("+").removeprefix("00")
    if _MAINLAND.fullmatch(digits) and digits == number:
        return f"+86{digits}"
    if not _ABROAD.fullmatch(digits):
        raise BadPush("not a phone number")
    return f"+{digits}"
