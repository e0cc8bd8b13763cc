"""redis.bytes_per_code: what Valkey grows by for each phone with a code on its way."""

from dataclasses import dataclass
from typing import Any

from django_redis import get_redis_connection

from verifications.providers import locmem
from verifications.services import send_code

from . import calls

_SAMPLE = 500  # phones


@dataclass(frozen=True)
class Memory:
    """Bytes. `key` is a phone's own, `quota` that of an address or of everyone (means)."""

    per_code: float
    key: float
    quota: float
    quota_keys: int
    codes: int


def measure(count: int) -> Memory:
    """Send a code to `count` phones on an empty Valkey, then empty it again."""
    redis = get_redis_connection()
    redis.flushall()
    (warm_up,) = calls.phones(1)
    send_code(warm_up[0], calls.PURPOSE, ip=warm_up[1])  # loads the script
    redis.flushall()
    before = _used(redis)
    for phone, address in calls.phones(count):
        send_code(phone, calls.PURPOSE, ip=address)
    grown = _used(redis) - before
    locmem.outbox.clear()
    keys: list[bytes] = list(redis.scan_iter(count=1000))
    own = [key for key in keys if b"+" in key]
    quotas = [key for key in keys if b"+" not in key]
    if len(own) != count:
        raise RuntimeError(f"{len(own)} keys of phones, not {count}")
    memory = Memory(
        grown / count, _mean(redis, own[:_SAMPLE]), _mean(redis, quotas), len(quotas), count
    )
    redis.flushall()
    return memory


def _used(redis: Any) -> int:
    return int(redis.info("memory")["used_memory"])


def _mean(redis: Any, keys: list[bytes]) -> float:
    pipeline = redis.pipeline(transaction=False)
    for key in keys:
        pipeline.memory_usage(key, samples=0)
    sizes: list[int] = pipeline.execute()
    return sum(sizes) / len(sizes)
