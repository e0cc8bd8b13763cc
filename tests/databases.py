"""PostgreSQL and MariaDB for the tests: servers of our own, on free ports, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dadashop.processes import Child
from tests.live import free_port

_HOST = "127.0.0.1"
_PATIENCE = 60  # seconds


class MissingError(Exception):
    """The server is not installed."""


@contextmanager
def postgresql() -> Iterator[str]:
    """DATABASE_URL of an empty database."""
    initdb = program("initdb", "/usr/lib/postgresql")
    with _directory("postgres") as (place, user):
        data, port = place / "data", free_port()
        quick = ["--no-sync", "--auth=trust", "--username=dadashop", "--encoding=UTF8"]
        _run([initdb, *quick, "--locale=C.UTF-8", f"--pgdata={data}"], user)
        options = ["-c", f"listen_addresses={_HOST}", "-c", "unix_socket_directories="]
        server = [str(Path(initdb).with_name("postgres")), "-D", str(data), "-p", str(port)]
        ready = [str(Path(initdb).with_name("pg_isready")), "-q", "-h", _HOST, "-p", str(port)]
        with _server([*server, *options, "-c", "fsync=off"], user, ready, place):
            yield f"postgres://dadashop@{_HOST}:{port}/postgres"


@contextmanager
def mariadb() -> Iterator[str]:
    """DATABASE_URL of an empty database."""
    install, daemon = program("mariadb-install-db"), program("mariadbd", "/usr/sbin")
    with _directory("mysql") as (place, user):
        data, port = place / "data", free_port()
        _run([install, "--no-defaults", "--auth-root-authentication-method=normal",
              "--skip-test-db", f"--datadir={data}"], user)  # fmt: skip
        server = [daemon, "--no-defaults", f"--datadir={data}", f"--port={port}"]
        server += [f"--bind-address={_HOST}", f"--socket={place / 'socket'}"]
        server += ["--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0"]
        server += ["--character-set-server=utf8mb4"]
        login = ["--no-defaults", f"--host={_HOST}", f"--port={port}", "--user=root"]
        with _server(server, user, [program("mariadb-admin"), *login, "ping"], place):
            yield f"mysql://root@{_HOST}:{port}/test"


def program(name: str, place: str | None = None) -> str:
    if found := shutil.which(name):
        return str(Path(found).resolve())
    below = sorted(Path(place).rglob(name)) if place else []
    if not below:
        raise MissingError(name)
    return str(below[-1])


@contextmanager
def _directory(owner: str) -> Iterator[tuple[Path, str | None]]:
    """A new directory and the user to work in it: `owner` where we are root, else ourselves."""
    with tempfile.TemporaryDirectory(prefix="dadashop-db-") as name:
        if os.geteuid() != 0:
            yield Path(name), None
            return
        try:
            entry = pwd.getpwnam(owner)
        except KeyError:
            raise MissingError(f"the user {owner}") from None
        os.chown(name, entry.pw_uid, entry.pw_gid)
        yield Path(name), owner


def _as(user: str | None, command: Sequence[str]) -> list[str]:
    return ["setpriv", f"--reuid={user}", "--clear-groups", "--", *command] if user else [*command]


def _run(command: Sequence[str], user: str | None) -> None:
    subprocess.run(_as(user, command), check=True, capture_output=True, timeout=_PATIENCE, cwd="/")


@contextmanager
def _server(
    command: Sequence[str], user: str | None, ready: Sequence[str], place: Path
) -> Iterator[None]:
    """Runs until the block ends; it says what it has to say in a file of `place`."""
    log = place / "log"
    quietly = ["/bin/sh", "-c", f'exec "$@" >"{log}" 2>&1', "quietly"]
    server = Child([*quietly, *_as(user, command)])
    try:
        deadline = time.monotonic() + _PATIENCE
        while subprocess.run(ready, capture_output=True).returncode:
            if server.ended() or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield
    finally:
        server.stop()
