"""`manage.py runlocal`: all that a developer needs, in one terminal, until Ctrl-C."""

import http.client
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from dadashop.embedded import embedded
from dadashop.processes import Child

_HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Migrates, then runs the embedded Valkey, the sandbox platforms and the web server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--sandbox-port", type=int, default=int(os.environ.get("SANDBOX_PORT", "8883"))
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port, sandbox_port = options["port"], options["sandbox_port"]
        for wanted in (port, sandbox_port):
            _refuse_taken(wanted)
        for number in (signal.SIGINT, signal.SIGTERM):  # a script's `make run &` ignores the first
            signal.signal(number, _interrupt)
        children: list[Child] = []
        valkey = embedded(settings.DATA_DIR)
        try:
            children.append(_sandbox(sandbox_port))
            if not settings.REDIS_URL:
                valkey.ensure_running()
            call_command("migrate", verbosity=0)
            children.append(_web(port, sandbox_port))
            _wait_for(port, children)
            self.stdout.write(f"Page  网页  http://{_HOST}:{port}/")
            self.stdout.write(f"Phone 手机  http://{_HOST}:{sandbox_port}/sandbox/")
            self.stdout.write("Ctrl-C stops all of it.")
            while not any(child.ended() for child in children) and valkey.alive():
                time.sleep(0.2)
            log = valkey.data_dir / "valkey.log"
            raise CommandError(f"A process ended; its words stand above, or in {log}.")
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):  # one is enough: we are at it
                signal.signal(number, signal.SIG_IGN)
            for child in reversed(children):
                child.stop()
            valkey.stop()


def _sandbox(port: int) -> Child:
    return Child([sys.executable, "-m", "sandbox", "--port", str(port)])


def _web(port: int, sandbox_port: int) -> Child:
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"]
    where = ["--host", _HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    command = [*granian, *where, "dadashop.wsgi:application"]
    return Child(command, {"SANDBOX_PORT": str(sandbox_port)})


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise CommandError(
                f"Port {port} is taken; choose with PORT= or SANDBOX_PORT=."
            ) from None


def _wait_for(port: int, children: list[Child]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(child.ended() for child in children):
            raise CommandError("A process ended while starting; its words stand above.")
        connection = http.client.HTTPConnection(_HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise CommandError("The web server did not answer within 30 seconds.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
