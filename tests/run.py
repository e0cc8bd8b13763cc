"""`make test`: all tests, on all parts that this machine has or can be given.

Chromium, RabbitMQ, PostgreSQL, MariaDB and nginx are installed where we are root and there is an
apt. What still could not run is said last; with CI=true it is a failure, but for nginx, which tests
an example of a configuration.

Hundreds of these tests start processes and wait for them, on whatever else the machine does. So a
few that failed have a second chance, one at a time; those that take it are said last, as FLAKY, and
are to be mended.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pytest

from tests import databases
from tests.browser import program
from tests.queue.brokers import rabbitmq_server

_SECOND_CHANCES = 3

_SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "postgresql": databases.postgresql,
    "mariadb-server": databases.mariadb,
}
_installing = Lock()


def main(arguments: list[str]) -> int:
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # or each process compiles all tests anew
    missing = [
        *_without(_chromium, "tests/browser: there is no chromium", "chromium", "fonts-wqy-zenhei"),
        *_without(_rabbitmq, "tests/queue: there is no rabbitmq-server", "rabbitmq-server"),
    ]
    example = _without(_nginx, "tests/deploy/test_nginx.py: there is no nginx", "nginx-light")
    runs = [_pytest("all", ["-n", "auto", *arguments])]
    with ThreadPoolExecutor() as at_once:  # each takes one core
        on_databases = list(at_once.map(_on_database, *zip(*_SERVERS.items(), strict=True)))
    for package, run in zip(_SERVERS, on_databases, strict=True):
        if run is None:
            missing.append(f"tests on a database: there is no {package}")
        else:
            runs.append(run)
    runs.append(_pytest("cluster", ["-n", "auto", *_marked("redis")], TEST_REDIS="cluster"))
    for what in [what for run in runs for what in run.flaky]:
        print(f"FLAKY: {what}", flush=True)
    for what in example + missing:
        print(f"NOT RUN: {what}", flush=True)
    failed = any(run.failed for run in runs)
    return int(failed or bool(missing and os.environ.get("CI") == "true"))


class Run(NamedTuple):
    """`flaky` are the tests that failed, but not the second time."""

    failed: bool
    flaky: list[str]


def _pytest(name: str, arguments: list[str], **environment: str) -> Run:
    """Its output is told when it is done, where others run at the same time."""
    cache = f".pytest_cache/{name}"
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}"]
    environment = {**os.environ, **environment}
    failures = Path(cache, "v/cache/lastfailed")
    failures.unlink(missing_ok=True)
    print(f"\nThe tests: {name}", flush=True)
    outcome = _told([*command, *arguments], environment, at_once=name != "all")
    if outcome != pytest.ExitCode.TESTS_FAILED:
        return Run(outcome != pytest.ExitCode.OK, [])
    failed = list(json.loads(failures.read_text()))
    if len(failed) > _SECOND_CHANCES:
        return Run(True, [])
    print("\nOnce more, one at a time:", *failed, sep="\n", flush=True)
    flaky = [
        test for test in failed if not subprocess.run([*command, test], env=environment).returncode
    ]
    return Run(flaky != failed, flaky)


def _told(command: list[str], environment: dict[str, str], *, at_once: bool) -> int:
    if not at_once:
        return subprocess.run(command, env=environment).returncode
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    print(done.stdout, flush=True)
    return done.returncode


def _marked(mark: str) -> list[str]:
    """What has pytest run the tests with a mark, without loading the files of all others."""
    files = Path("tests").rglob("test_*.py")
    return ["-q", "-m", mark, *(str(file) for file in files if f"mark.{mark}" in file.read_text())]


def _on_database(package: str, server: Callable[[], AbstractContextManager[str]]) -> Run | None:
    """None where it is not to be had."""
    for attempt in ("installed", "to install"):
        try:
            with server() as url:
                return _pytest(package, _marked("database"), DATABASE_URL=url)
        except databases.MissingError:
            if attempt == "installed":
                with _installing:
                    _install(package)
    return None


def _without(found: Callable[[], bool], what: str, *packages: str) -> list[str]:
    """`what` cannot be run, where the packages that it needs cannot be had."""
    if not found():
        _install(*packages)
    return [] if found() else [what]


def _chromium() -> bool:
    return bool(program.path())


def _rabbitmq() -> bool:
    try:
        return bool(rabbitmq_server())
    except databases.MissingError:
        return False


def _nginx() -> bool:
    return bool(shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"))


def _install(*packages: str) -> None:
    """Tries to; whoever needs them looks again. No service is started or left behind."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(packages)} ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "RUNLEVEL": "1"}}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "--quiet", *command], **quiet)  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
