"""It stands apart from what is live, however it ends."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError
from redis import Redis
from redis.exceptions import ConnectionError as RedisDown

from tests.conftest import Configure
from tests.verifications.replay_guard.conftest import Told
from tests.verifications.replay_guard.past import ELSEWHERE, HERE, NINE, attack, shoppers
from verifications import conf, replay, store
from verifications.exceptions import Unavailable
from verifications.models import Message
from verifications.providers import locmem
from verifications.services import send_code
from verifications.traffic import SHOPPER, Text

pytestmark = pytest.mark.redis


def test_nobody_is_texted_and_nothing_live_is_touched(told: Told, redis: Redis) -> None:
    send_code("13100000000", "login", ip=HERE)
    before = {key: redis.dump(key) for key in redis.scan_iter()}
    told(attack(50) + shoppers(20, ELSEWHERE), "--attacker-solves")
    assert {key: redis.dump(key) for key in redis.scan_iter()} == before
    assert len(locmem.outbox) == Message.objects.count() == 1


def test_while_it_runs_its_keys_are_its_own(redis: Redis) -> None:
    with replay.rehearsal():
        assert conf.get().guard == "enforce"
        text = Text(NINE * 1000, "+8613800138000", HERE, True, SHOPPER)
        assert [fate.stopped for _, fate in replay.run([text])] == [""]
        keys = [key.decode() for key in redis.scan_iter()]
        assert keys
        assert all(key.startswith("sms.replay.") for key in keys)


def test_the_longest_prefix_leaves_room(configure: Configure, redis: Redis) -> None:
    configure(KEY_PREFIX="x" * 32)
    with replay.rehearsal():
        assert len(conf.get().key_prefix) == 32
        assert conf.get().key_prefix != "x" * 32


def test_ctrl_c_leaves_nothing_behind(
    told: Told, redis: Redis, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, issue, calls = settings.VERIFICATIONS, store.issue, iter(range(10))

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == 5:
            assert list(redis.scan_iter())
            raise KeyboardInterrupt
        return issue(*args, **kwargs)

    monkeypatch.setattr(store, "issue", interrupted)
    with pytest.raises(SystemExit, match="130"):
        told(attack(10))
    assert not list(redis.scan_iter())
    assert live == settings.VERIFICATIONS
    assert (conf.get().guard, store.ahead_ms) == ("off", 0)


def test_redis_away(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_alias: str) -> Any:
        raise RedisDown

    monkeypatch.setattr(replay, "get_redis_connection", away)
    with pytest.raises(CommandError, match="Redis is out of reach"):
        told(attack(3))
    assert conf.get().guard == "off"


def test_redis_gone_half_way(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable

    monkeypatch.setattr(store, "issue", gone)
    with pytest.raises(CommandError, match=r"out of reach; manage\.py doctor tells which"):
        told(attack(3))
    assert (conf.get().guard, store.ahead_ms) == ("off", 0)
