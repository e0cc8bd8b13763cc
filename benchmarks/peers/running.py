"""A site that runs, on tables of its own: fresh ones, or with earlier phones in them."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from .. import servers
from ..load import HOST
from ..servers import Cores, web
from . import install
from .phones import EARLIER
from .sites import OUR_USERS, Known, Site

_PHONES = (
    "CREATE TEMPORARY TABLE phones AS SELECT n, %(prefix)s || lpad(n::text, 8, '0') AS phone"
    " FROM generate_series(%(first)s::int, %(first)s + %(count)s - 1) AS n"
)


@dataclass(frozen=True)
class Running:
    port: int
    database: str
    earlier: int  # phones
    redis: str = ""

    def empty(self, site: Site) -> None:
        """As before its first shopper."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {site.truncate} CASCADE".encode())
        if self.redis:
            with redis.Redis.from_url(self.redis) as client:
                client.flushall()

    def codes(self) -> Mapping[str, Known]:
        """By phones, of the sends since the last time."""
        url = f"http://{HOST}:{self.port}/bench/codes"
        with urllib.request.urlopen(url, timeout=60) as answer:
            found: dict[str, dict[str, str]] = json.load(answer)
        return found


def fill(database: str, statements: Sequence[str], prefix: str, first: int, count: int) -> None:
    """Run the statements on a table `phones` (n, phone) of so many numbers from `first` on."""
    with psycopg.connect(database, autocommit=True) as connection:
        cursor = psycopg.ClientCursor(connection)
        cursor.execute(_PHONES, {"prefix": prefix, "first": first, "count": count})
        for statement in statements:
            cursor.execute(statement.encode())


@contextmanager
def peer(site: Site, database: str, cores: Cores, earlier: int) -> Iterator[Running]:
    """Raises RuntimeError or LoadError where it does not start."""
    settings = f"{site.name}_site.settings"
    environment = {"DATABASE_URL": database, "PYTHONPATH": str(install.PROJECTS)}
    python = install.python()
    _run(python, "django", "migrate", DJANGO_SETTINGS_MODULE=settings, **environment)
    fill(database, site.past, EARLIER, 0, earlier)
    _settle(database)
    with web("wsgi:application", settings, cores.server, python, environment) as port:
        yield Running(port, database, earlier)


@contextmanager
def product(
    database: str, directory: Path, cores: Cores, earlier: int, settings: str
) -> Iterator[Running]:
    """Ours, on a Valkey of its own. Raises RuntimeError or LoadError."""
    with servers.valkey(directory, cores.load):
        url = os.environ["REDIS_URL"]
        environment = {
            "DATABASE_URL": database,
            "REDIS_URL": url,
            "DADASHOP_DATA_DIR": str(directory),
        }
        _run(sys.executable, "django", "migrate", **environment)
        if earlier:
            fill(database, [OUR_USERS], EARLIER, 0, earlier)
            _run(sys.executable, "benchmarks.peers.past", str(earlier), **environment)
        _settle(database)
        application = "benchmarks.peers.ours:application"
        log = directory / "log"  # it writes a line a send
        with web(application, settings, cores.server, environment=environment, log=log) as port:
            yield Running(port, database, earlier, url)


def _settle(database: str) -> None:
    """What autovacuum would do sooner or later, at a time that nobody chooses."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _run(python: str, module: str, *arguments: str, **environment: str) -> None:
    done = subprocess.run(
        [python, "-m", module, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=1800,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
