"""/readyz names the queue too, where there is one."""

import pytest
from django.conf import LazySettings

from dadashop.embedded import embedded
from tests.conftest import Api
from tests.live import free_port

pytestmark = pytest.mark.redis


@pytest.fixture
def broker(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own Valkey, as a queue."""
    _use(f"redis+socket://{embedded(settings.DATA_DIR).ensure_running()}", settings, monkeypatch)


@pytest.fixture
def no_broker(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nobody answers."""
    _use(f"redis://127.0.0.1:{free_port()}/0", settings, monkeypatch)


def _use(url: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CELERY_BROKER_URL = url
    monkeypatch.setenv("CELERY_BROKER_URL", url)  # which Celery reads before its settings


@pytest.mark.usefixtures("broker")
def test_the_queue_answers(api: Api) -> None:
    answer = api.client.get("/readyz")
    assert answer.json() == {"redis": "ok", "database": "ok", "queue": "ok"}
    assert answer.status_code == 200


@pytest.mark.usefixtures("no_broker")
def test_the_queue_is_down(api: Api) -> None:
    answer = api.client.get("/readyz")
    assert answer.json() == {"redis": "ok", "database": "ok", "queue": "down"}
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
