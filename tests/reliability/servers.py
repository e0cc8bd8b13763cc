"""Parts that can be lost: a Valkey that keeps nothing, a PostgreSQL that crashes."""

import os
import shlex
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from dadashop.processes import Child
from tests import databases
from tests.live import wait_until_gone
from tests.queue.brokers import Valkey


class Forgetful(Valkey):
    """What it held is gone when it is started again."""

    def command(self) -> list[str]:
        words = super().command()
        place = words.index("--appendonly")
        return [*words[:place], "--appendonly", "no", *words[place + 2 :]]


class PostgreSQL:
    def __init__(self, url: str) -> None:
        self.url = url
        self._child: Child | None = None

    def crash(self, seconds: float) -> None:
        """Ends it at once, as kill would, and starts it again after a while."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row
        data = Path(row[0])
        command = shlex.split((data / "postmaster.opts").read_text())
        pid = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        assert not wait_until_gone({pid})
        time.sleep(seconds)
        owner = [f"--reuid={data.stat().st_uid}", "--clear-groups", "--"]
        prefix = ["setpriv", *owner] if os.geteuid() == 0 else []
        quietly = ["/bin/sh", "-c", 'exec "$@" >/dev/null 2>&1', "quietly"]
        self._child = Child([*quietly, *prefix, *command])

    def stop(self) -> None:
        if self._child:
            self._child.stop()


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """Raises databases.MissingError."""
    with databases.postgresql() as url:
        server = PostgreSQL(url)
        try:
            yield server
        finally:
            server.stop()
