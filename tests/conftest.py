"""Fixtures for all tests. `live`, the whole product as processes, is in tests/live.py."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django_redis import get_redis_connection
from redis import Redis

from dadashop.caches import cache_of
from verifications import breakers, budgets, guard, rules, store, tally
from verifications.providers import Text, decoy, locmem

pytest_plugins = ["tests.live", "tests.waiting"]

_numbers = itertools.count(13_800_000_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one directory stand together, in whatever order: what they share starts once."""
    places = {place: n for n, place in enumerate(dict.fromkeys(item.path.parent for item in items))}
    items.sort(key=lambda item: places[item.path.parent])


Use = Callable[[str], None]


class Configure(Protocol):
    def __call__(self, **values: Any) -> None: ...


@pytest.fixture(autouse=True)
def _clean_slate(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts with an empty Redis, an empty outbox and the right time."""
    monkeypatch.setattr(tally, "WAIT", 3600)  # nothing goes to Redis behind a test's back
    get_redis_connection().flushdb()
    breakers._clean_until.clear()
    budgets._seen.clear()
    guard._told.clear()
    rules.forget()
    locmem.outbox.clear()
    decoy._failing.clear()
    yield
    tally.forget()
    store.ahead_ms = 0


@pytest.fixture
def redis() -> Redis:
    return get_redis_connection()


@pytest.fixture
def phone() -> str:
    """A mobile number that no other test uses, as a shopper types it."""
    return str(next(_numbers))


@pytest.fixture
def new_phone() -> Callable[[], str]:
    """For tests that need many."""
    return lambda: str(next(_numbers))


@pytest.fixture
def configure(settings: LazySettings) -> Configure:
    """configure(CODE_TTL=60) changes VERIFICATIONS for one test."""

    def change(**values: Any) -> None:
        settings.VERIFICATIONS = {**settings.VERIFICATIONS, **values}

    return change


@pytest.fixture
def use(settings: LazySettings, configure: Configure, tmp_path: Path) -> Iterator[Use]:
    """use(url): from now on the whole project's Redis is there."""
    aliases: list[str] = []

    def change(url: str) -> None:
        alias = f"{tmp_path}/{len(aliases)}"
        settings.CACHES = {**settings.CACHES, alias: cache_of(url, tmp_path)}
        configure(REDIS_ALIAS=alias)
        aliases.append(alias)

    yield change
    for alias in aliases:
        client: Any = caches[alias]
        client.client.get_client().connection_pool.disconnect()


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """travel(60) moves our idea of the time 60 seconds on; Redis' own clock stays."""
    now, ahead = timezone.now, timedelta()

    def move(seconds: float) -> None:
        nonlocal ahead
        ahead += timedelta(seconds=seconds)
        store.ahead_ms = round(ahead.total_seconds() * 1000)
        breakers._clean_until.clear()
        monkeypatch.setattr(timezone, "now", lambda: now() + ahead)

    return move


@pytest.fixture
def last_code() -> Callable[[], str]:
    """The code of the newest text in the outbox."""
    return lambda: _last().params["code"]


def _last() -> Text:
    assert locmem.outbox, "no text was sent"
    return locmem.outbox[-1]


class Api:
    """The JSON interface as its callers see it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else None
        return self.client.post(
            path, raw if raw is not None else body, content_type="application/json", headers=headers
        )

    def send(self, phone: str, purpose: str = "login") -> Any:
        return self.post("/v1/verifications/codes", {"phone": phone, "purpose": purpose})

    def verify(self, phone: str, code: str, purpose: str = "login") -> Any:
        body = {"phone": phone, "purpose": purpose, "code": code}
        return self.post("/v1/verifications/verify", body)


@pytest.fixture
def api(client: Client) -> Api:
    return Api(client)


def wrong(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"
