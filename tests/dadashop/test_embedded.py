"""The embedded Valkey: never on TCP, never two, never left behind, and it keeps its data."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from redis import Redis

from dadashop.embedded import EmbeddedConnectionFactory, EmbeddedValkey
from tests.live import ROOT, clean_environment, wait_until_gone

# Starts the server of a data directory, says its pid, and waits to be ended.
_OWNER = """
import sys
from pathlib import Path
from dadashop.embedded import EmbeddedValkey
valkey = EmbeddedValkey(Path(sys.argv[1]))
valkey.ensure_running()
print(valkey._server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path)
    yield server
    server.stop()


def _client(valkey: EmbeddedValkey) -> Redis:
    return Redis(unix_socket_path=str(valkey.ensure_running()))


def test_it_listens_on_a_socket_for_us_alone(valkey: EmbeddedValkey) -> None:
    with _client(valkey) as client:
        assert client.config_get("port")["port"] == "0"
    assert valkey.socket.stat().st_mode & 0o077 == 0
    assert valkey.socket.parent.stat().st_mode & 0o077 == 0


def test_a_deep_directory_is_no_matter(tmp_path: Path) -> None:
    deep = EmbeddedValkey(tmp_path / "/".join(["a long name of a directory"] * 8))
    with _client(deep) as client:
        assert client.ping()
    deep.stop()


def test_data_outlives_the_server(valkey: EmbeddedValkey) -> None:
    with _client(valkey) as client:
        client.set("kept", "yes")
    valkey.stop()
    with _client(valkey) as client:
        assert client.get("kept") == b"yes"


def test_a_second_user_of_a_directory_joins_the_first(valkey: EmbeddedValkey) -> None:
    second = EmbeddedValkey(valkey.data_dir.parent)
    with _client(valkey) as one, _client(second) as other:
        assert one.info("server")["process_id"] == other.info("server")["process_id"]
    second.stop()  # it owns nothing, so it ends nothing
    with _client(valkey) as client:
        assert client.ping()


def test_two_directories_have_two_servers(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    other = EmbeddedValkey(tmp_path / "other")
    assert other.socket != valkey.socket
    with _client(valkey) as one, _client(other) as two:
        assert one.info("server")["process_id"] != two.info("server")["process_id"]
    other.stop()


def _owner(data_dir: Path) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(data_dir)],
        cwd=ROOT,
        env=clean_environment(DJANGO_SETTINGS_MODULE="dadashop.settings"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, int(process.stdout.readline())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, None])
def test_it_ends_with_its_owner_however_that_ends(
    how: signal.Signals | None, tmp_path: Path
) -> None:
    process, valkey_pid = _owner(tmp_path)
    os.kill(valkey_pid, 0)
    if how:
        process.send_signal(how)
    process.communicate(timeout=10)  # or its standard input ends, and so does it
    assert wait_until_gone({valkey_pid}) == set()
    shutil.rmtree(EmbeddedValkey(tmp_path).socket.parent, ignore_errors=True)


def test_a_stopped_one_leaves_nothing_but_its_data(valkey: EmbeddedValkey) -> None:
    place = valkey.ensure_running().parent
    valkey.stop()
    assert not place.exists()


def test_after_a_killed_owner_the_next_takes_over(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    process, _ = _owner(tmp_path)
    process.kill()
    process.communicate(timeout=10)
    with _client(valkey) as client:
        assert client.ping()


def test_production_refuses_it(settings: LazySettings, tmp_path: Path) -> None:
    settings.DEBUG = False
    factory = EmbeddedConnectionFactory({"DATA_DIR": tmp_path})
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        factory.connect("embedded://")
    assert not (tmp_path / "valkey").exists()


def test_development_starts_it_on_the_way_to_a_connection(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.DEBUG = True
    factory = EmbeddedConnectionFactory({"DATA_DIR": tmp_path})
    connection = factory.connect("embedded://")
    assert connection.ping()
    connection.connection_pool.disconnect()
    from dadashop.embedded import embedded

    embedded(tmp_path).stop()
