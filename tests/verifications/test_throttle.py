"""How often somebody may try a thing: exact, for each by itself, and not at all without Redis."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from redis import Redis

from dadashop.caches import cache_of
from tests.conftest import Configure
from tests.live import free_port
from tests.verifications.racing import race
from verifications import throttle
from verifications.exceptions import RateLimited, Unavailable

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
WHO = "203.0.113.7"


def _tries(who: str = WHO, kind: str = "door", limit: tuple[int, int] = (3, 60)) -> int:
    """How many go through until one does not."""
    for count in range(100):
        try:
            throttle.hit(kind, who, limit)
        except RateLimited:
            return count
    raise AssertionError("none was refused")


def test_so_many_pass() -> None:
    assert _tries() == 3
    assert _tries() == 0


def test_whoever_waits_gets_through(travel: Travel) -> None:
    throttle.hit("door", WHO, (3, 60))
    travel(20)
    assert _tries() == 2
    with pytest.raises(RateLimited) as refusal:
        throttle.hit("door", WHO, (3, 60))
    assert refusal.value.retry_after
    assert refusal.value.retry_after <= 40  # the first one's sixty seconds
    travel(refusal.value.retry_after)
    assert _tries() == 1


def test_a_refused_try_does_not_count(travel: Travel) -> None:
    assert _tries() == 3
    travel(30)
    assert _tries() == 0
    travel(30)
    assert _tries() == 3


def test_nobody_is_refused_for_another() -> None:
    assert _tries() == 3
    assert _tries("203.0.113.8") == 3
    assert _tries(kind="window") == 3


def test_a_race_lets_no_more_through() -> None:
    def act(_: int) -> bool:
        try:
            throttle.hit("door", WHO, (3, 60))
        except RateLimited:
            return False
        return True

    assert sum(race(8, act)) == 3


def test_what_redis_keeps_names_nobody_and_goes_away(redis: Redis) -> None:
    _tries()
    (key,) = redis.keys()
    assert WHO.encode() not in key
    assert 0 < redis.pttl(key) <= 60_000


def test_without_redis_nothing_is_let_through(
    tmp_path: Path, settings: LazySettings, configure: Configure
) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {**settings.CACHES, str(tmp_path): cache_of(url, tmp_path)}
    configure(REDIS_ALIAS=str(tmp_path))
    with pytest.raises(Unavailable):
        throttle.hit("door", WHO, (3, 60))
