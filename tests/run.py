"""`make test`: all tests, on all parts that this machine has or can be given.

Chromium, PostgreSQL and MariaDB are installed where we are root and there is an apt. What still
could not run is said last; with CI=true it is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from tests import databases
from tests.browser.conftest import NAMES

_SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "postgresql": databases.postgresql,
    "mariadb-server": databases.mariadb,
}


def main(arguments: list[str]) -> int:
    missing = []
    if not _chromium():
        _install("chromium", "fonts-wqy-zenhei")
    if not _chromium():
        missing.append("tests/browser: there is no chromium")
    failed = _pytest(["-n", "auto", *arguments])
    for package, server in _SERVERS.items():
        outcome = _on_database(package, server)
        if outcome is None:
            missing.append(f"tests on a database: there is no {package}")
        failed = failed or bool(outcome)
    for what in missing:
        print(f"NOT RUN: {what}", flush=True)
    return int(failed or bool(missing and os.environ.get("CI") == "true"))


def _pytest(arguments: list[str], **environment: str) -> bool:
    """Whether it failed."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}).returncode != 0


def _on_database(package: str, server: Callable[[], AbstractContextManager[str]]) -> bool | None:
    """Whether the tests failed on it; None where it is not to be had."""
    for attempt in ("installed", "to install"):
        try:
            with server() as url:
                print(f"\nThe tests of the database, on {package}:", flush=True)
                return _pytest(["-m", "database"], DATABASE_URL=url)
        except databases.MissingError:
            if attempt == "installed":
                _install(package)
    return None


def _chromium() -> bool:
    return any(map(shutil.which, NAMES))


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
