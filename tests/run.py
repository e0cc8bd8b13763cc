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
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests import databases
from tests.browser import program
from tests.queue.brokers import rabbitmq_server

_SECOND_CHANCES = 3
_LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")

_SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "postgresql": databases.postgresql,
    "mariadb-server": databases.mariadb,
}


def main(arguments: list[str]) -> int:
    missing = [
        *_without(_chromium, "tests/browser: there is no chromium", "chromium", "fonts-wqy-zenhei"),
        *_without(_rabbitmq, "tests/queue: there is no rabbitmq-server", "rabbitmq-server"),
    ]
    example = _without(_nginx, "tests/deploy/test_nginx.py: there is no nginx", "nginx-light")
    flaky: list[str] = []
    failed = _pytest(["-n", "auto", *arguments], flaky)
    for package, server in _SERVERS.items():
        outcome = _on_database(package, server, flaky)
        if outcome is None:
            missing.append(f"tests on a database: there is no {package}")
        failed = failed or bool(outcome)
    print("\nThe tests of Redis, on a cluster:", flush=True)
    failed = _pytest(["-n", "auto", "-m", "redis"], flaky, TEST_REDIS="cluster") or failed
    for what in flaky:
        print(f"FLAKY: {what}", flush=True)
    for what in example + missing:
        print(f"NOT RUN: {what}", flush=True)
    return int(failed or bool(missing and os.environ.get("CI") == "true"))


def _pytest(arguments: list[str], flaky: list[str], **environment: str) -> bool:
    """Whether it failed. Tests that failed, but not the second time, are added to `flaky`."""
    _LAST_FAILED.unlink(missing_ok=True)
    command, environment = [sys.executable, "-m", "pytest"], {**os.environ, **environment}
    outcome = subprocess.run([*command, *arguments], env=environment).returncode
    if outcome != pytest.ExitCode.TESTS_FAILED:
        return outcome != pytest.ExitCode.OK
    failed = list(json.loads(_LAST_FAILED.read_text()))
    if len(failed) > _SECOND_CHANCES:
        return True
    print("\nOnce more, one at a time:", *failed, sep="\n", flush=True)
    for test in failed:
        if subprocess.run([*command, test], env=environment).returncode != pytest.ExitCode.OK:
            return True
        flaky.append(test)
    return False


def _on_database(
    package: str, server: Callable[[], AbstractContextManager[str]], flaky: list[str]
) -> bool | None:
    """Whether the tests failed on it; None where it is not to be had."""
    for attempt in ("installed", "to install"):
        try:
            with server() as url:
                print(f"\nThe tests of the database, on {package}:", flush=True)
                return _pytest(["-m", "database"], flaky, DATABASE_URL=url)
        except databases.MissingError:
            if attempt == "installed":
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
