"""The processes that are measured: which core each runs on, and that each ends with us."""

import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dadashop.embedded import EmbeddedValkey
from dadashop.processes import Child
from tests.databases import MissingError, postgresql

from .load import HOST, LoadError, drive, request_bytes

_START_TIMEOUT = 30  # seconds
_OURS = (
    *("DADASHOP_", "REDIS_URL", "DATABASE_URL", "CELERY_", "SANDBOX_", "GRANIAN_", "RECEIPT_"),
    *("SERVICE_KEYS", "SMS_", "CLOOPEN_", "ALIYUN_", "TENCENT_", "BAIDU_"),
)


@dataclass(frozen=True)
class Cores:
    """One for the web servers, the other for Valkey and the load; None where nothing is pinned."""

    server: int | None
    load: int | None


def cores() -> Cores:
    if sys.platform != "linux":
        return Cores(None, None)
    available = sorted(os.sched_getaffinity(0))
    if len(available) < 2:
        return Cores(None, None)
    return Cores(server=available[-1], load=available[0])


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Whatever is started in here stays on that core."""
    if sys.platform != "linux" or core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def prepare_environment(data_dir: Path) -> None:
    """A developer's own settings, of Redis above all, are none of the bench's business."""
    for name in list(os.environ):
        if name.startswith(_OURS):
            del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DADASHOP_DEBUG": "0",
        "DADASHOP_SECRET_KEY": secrets.token_urlsafe(48),
        "DADASHOP_DATA_DIR": str(data_dir),
        "DADASHOP_TRUSTED_PROXIES": "1",
    }


def quietly(command: Sequence[str]) -> list[str]:
    """The command that says nothing but what goes wrong."""
    return ["/bin/sh", "-c", 'exec "$@" >/dev/null', "quietly", *command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def granian(application: str, port: int, python: str = sys.executable) -> list[str]:
    """The command of `manage.py runlocal`, and of production."""
    command = [python, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"]
    where = ["--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    return [*command, *where, application]


@contextmanager
def valkey(data_dir: Path, core: int | None) -> Iterator[None]:
    """The embedded one, on a unix socket; REDIS_URL names it from then on."""
    server = EmbeddedValkey(data_dir)
    try:
        with on_core(core):
            os.environ["REDIS_URL"] = f"unix://{server.ensure_running()}"
        yield
    finally:
        server.stop()


@contextmanager
def database(core: int | None) -> Iterator[None]:
    """PostgreSQL, as in production; DATABASE_URL names it from then on. Where there is none, the
    SQLite of development, whose writers wait for one another."""
    with ExitStack() as stack:
        try:
            with on_core(core):
                os.environ["DATABASE_URL"] = stack.enter_context(postgresql())
            print("The database is PostgreSQL.")
        except MissingError:
            print("NO POSTGRESQL: on SQLite, sending comes out much lower than in docs/.")
        yield


PRODUCT = "dadashop.wsgi:application", "benchmarks.settings"
QUEUED = "dadashop.wsgi:application", "benchmarks.queue_settings"
FLOORS = "dadashop.wsgi:application", "benchmarks.floor_settings"
BARE = "benchmarks.bare:application", "benchmarks.bare_settings"


@contextmanager
def web(
    application: str,
    settings: str,
    core: int | None,
    python: str = sys.executable,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[int]:
    """The port of a web server that answers; its log goes to a file, else where ours goes."""
    port = free_port()
    environment = {**(environment or {}), "DJANGO_SETTINGS_MODULE": settings}
    command = granian(application, port, python)
    if log:
        command = ["/bin/sh", "-c", 'exec "$@" 2>>"$0"', str(log), *command]
    with on_core(core):
        child = Child(command, environment)
    try:
        wait_for_answer(port, child)
        yield port
    finally:
        child.stop()


def wait_for_answer(port: int, child: Child) -> None:
    """Returns at the first 200 of /healthz. Raises LoadError."""
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline and not child.ended():
        try:
            drive(port, [request_bytes("GET", "/healthz")], 200)
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise LoadError("a server did not start; its words stand above")
