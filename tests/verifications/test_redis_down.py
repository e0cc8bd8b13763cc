"""Redis away: nothing is sent, nothing verifies, and it all comes back by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from dadashop.caches import cache_of
from dadashop.embedded import EmbeddedValkey
from tests.conftest import Api, Configure
from tests.live import free_port
from verifications.exceptions import Unavailable
from verifications.providers import locmem
from verifications.services import send_code


@pytest.fixture
def valkey(
    tmp_path: Path, settings: LazySettings, configure: Configure
) -> Iterator[EmbeddedValkey]:
    """A server of this test's own, that the whole project uses."""
    server = EmbeddedValkey(tmp_path)
    url = f"unix://{server.ensure_running()}"
    settings.CACHES = {**settings.CACHES, str(tmp_path): cache_of(url, tmp_path)}
    configure(REDIS_ALIAS=str(tmp_path))
    yield server
    server.stop()


def test_redis_goes_and_comes_back(
    api: Api, valkey: EmbeddedValkey, new_phone: Callable[[], str], last_code: Callable[[], str]
) -> None:
    pending = new_phone()
    code_id = api.send(pending, "pickup").json()["id"]
    code = last_code()

    valkey.stop()
    locmem.outbox.clear()
    for answer in (
        api.send(new_phone(), "pickup"),
        api.verify(pending, code, "pickup"),
        api.client.get(f"/v1/verifications/codes/{code_id}"),
    ):
        assert answer.status_code == 503
        assert answer.json()["code"] == "unavailable"
        assert int(answer["Retry-After"]) > 0
    assert not locmem.outbox

    valkey.ensure_running()
    assert api.send(new_phone(), "pickup").status_code == 202
    # The append-only file kept the code: nothing was lost either.
    assert api.verify(pending, code, "pickup").status_code == 200


def test_readyz_says_so(api: Api, valkey: EmbeddedValkey) -> None:
    valkey.stop()
    answer = api.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"redis": "down", "database": "ok", "queue": "inline"}


def test_a_redis_that_never_was_is_unavailable(
    api: Api, phone: str, settings: LazySettings, configure: Configure, tmp_path: Path
) -> None:
    nowhere = cache_of(f"redis://127.0.0.1:{free_port()}/0", tmp_path)
    settings.CACHES = {**settings.CACHES, "nowhere": nowhere}
    configure(REDIS_ALIAS="nowhere")
    assert api.send(phone).status_code == 503


def test_the_log_names_redis_and_no_secret(
    configure: Configure,
    settings: LazySettings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    phone: str,
) -> None:
    away = cache_of(f"redis://:s3cret@127.0.0.1:{free_port()}/0", tmp_path)
    settings.CACHES = {**settings.CACHES, f"{tmp_path}-away": away}
    configure(REDIS_ALIAS=f"{tmp_path}-away")
    with pytest.raises(Unavailable):
        send_code(phone, "login")
    assert "redis: ConnectionError" in caplog.messages
    assert "s3cret" not in caplog.text
