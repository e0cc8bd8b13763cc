"""JSON as the strict side of a platform reads it."""

import json
from typing import NoReturn


def loads(text: str | bytes) -> object:
    """The value; raises ValueError where readers differ: a name given twice, NaN and Infinity, a
    lone surrogate, bytes that are no UTF-8, a depth beyond the stack."""
    read = text.decode() if isinstance(text, bytes) else text
    try:
        value = json.loads(read, object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("嵌套过深") from None
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("字段重复")
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name}不是JSON")
