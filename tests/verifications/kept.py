"""What stands in Redis, taken apart; lua/parts/phone.lua and rings.lua say how it is made."""

import struct
from typing import Any

_HEAD, _OLDER = 10, 48  # bytes a ring
_FIELDS = """
local flat = {}
for name, value in pairs(cmsgpack.unpack(redis.call('GET', KEYS[1]))) do
  flat[#flat + 1], flat[#flat + 2] = name, value
end
return flat
"""


def fields(redis: Any, key: bytes) -> dict[bytes, bytes]:
    """Of a phone's state."""
    flat = redis.eval(_FIELDS, 1, key)
    return dict(zip(flat[::2], flat[1::2], strict=True))


def rings(raw: bytes) -> list[tuple[int, ...]]:
    """Of each the number of its newest slot, the sum of its counts, and all but the newest."""
    count = len(raw) // (_HEAD + _OLDER)
    assert len(raw) == count * (_HEAD + _OLDER)
    return [_ring(raw, count, i) for i in range(count)]


def _ring(raw: bytes, count: int, i: int) -> tuple[int, ...]:
    head, older = raw[_HEAD * i :][:_HEAD], raw[_HEAD * count + _OLDER * i :][:_OLDER]
    slot, total = int.from_bytes(head[:6], "big"), int.from_bytes(head[6:], "big")
    return slot, total, *struct.unpack(">12I", older)
