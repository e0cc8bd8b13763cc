"""Child processes that end with us, even when we are killed."""

import os
import signal
import subprocess  # nosec B404  # it is what this file is about
from collections.abc import Sequence
from contextlib import suppress

# Reads until nobody holds the other end of its standard input, which is when we are gone.
_WATCH = 'cat >/dev/null; kill "$1" 2>/dev/null'


def watch(pid: int) -> subprocess.Popen[bytes]:
    """A small process that ends `pid` when we end."""
    command = ["/bin/sh", "-c", _WATCH, "watch", str(pid)]
    return subprocess.Popen(  # noqa: S603  # nosec B603  # no shell, our own words
        command, stdin=subprocess.PIPE, start_new_session=True
    )


def unwatch(watcher: subprocess.Popen[bytes]) -> None:
    """To be called once the process it watches has ended in another way."""
    watcher.kill()
    watcher.communicate()


class Child:
    """A process of ours, in a session of its own: Ctrl-C reaches us alone, and we end it."""

    def __init__(self, arguments: Sequence[str], environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # nosec B603  # no shell, our own words
            arguments,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._watcher = watch(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> bool:
        return self._process.poll() is not None

    def stop(self, timeout: float = 10) -> None:
        """Ask it to end, and make it after `timeout` seconds.

        The watcher goes last, so that the child ends with us even if we are interrupted here.
        """
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(ProcessLookupError):  # a server that was killed leaves its workers
            os.killpg(self.pid, signal.SIGKILL)
        unwatch(self._watcher)
