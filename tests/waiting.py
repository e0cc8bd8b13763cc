"""A queue that nobody works off: the tests' own Valkey as Celery's broker, in this process."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from kombu import pools
from redis import Redis

from dadashop.celery import app
from tests.settings import VALKEY
from verifications import tasks

Waiting = Callable[[str], list[bytes]]
_DATABASE = 1  # 0 is what all else uses


@pytest.fixture
def waiting(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    """With this fixture there is a queue; waiting("codes") is what lies in it, oldest first."""
    path = str(VALKEY)
    before = app.conf.broker_url
    settings.CELERY_BROKER_URL = f"redis+socket://{path}?virtual_host={_DATABASE}"
    _connect(settings.CELERY_BROKER_URL)
    tasks._waker._reset()
    monkeypatch.setattr(tasks._waker, "wake", tasks._call)  # nothing goes on behind a test's back
    with Redis(unix_socket_path=path, db=_DATABASE) as redis:
        redis.flushdb()
        yield lambda queue: list(reversed(redis.lrange(queue, 0, -1)))
    _connect(before)


def _connect(url: str | None) -> None:
    pools.reset()
    vars(app).pop("amqp", None)  # which keeps a pool too
    vars(app)["_pool"] = None
    app.conf.update(broker_url=url)
