"""`manage.py runlocal`: all that a developer needs, in one terminal, until Ctrl-C."""

import http.client
import os
import queue
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from dadashop.embedded import embedded
from dadashop.processes import Child
from verifications import conf
from verifications.management import base

_HOST = "127.0.0.1"


class Command(base.Command):
    help = "Migrates, then runs the embedded Valkey, the sandbox platforms and the web server."

    examples = (
        ("manage.py runlocal", "what `make run` starts; Ctrl-C stops all of it, with 0"),
        ("manage.py runlocal --port 9000 --sandbox-port 9001", "where others have these ports"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, variable, usual, of in (
            ("--port", "PORT", "8000", "the page"),
            ("--sandbox-port", "SANDBOX_PORT", "8883", "the platforms and phones"),
        ):
            port = int(os.environ.get(variable, usual))
            parser.add_argument(name, type=int, default=port, help=f"of {of}; or {variable}=…")

    def handle(self, *args: Any, **options: Any) -> None:
        port, sandbox_port = options["port"], options["sandbox_port"]
        for wanted in (port, sandbox_port):
            _refuse_taken(wanted)
        # Not an exception: raised while a child is being made, it would leave that one behind. Nor
        # an Event, whose set() would wait for ever for the one that it has interrupted.
        heard = queue.SimpleQueue[int]()
        for number in (signal.SIGINT, signal.SIGTERM):  # a script's `make run &` ignores the first
            signal.signal(number, lambda number, _: heard.put(number))
        children: list[Child] = []
        valkey = embedded(settings.DATA_DIR)
        try:
            children.append(_sandbox(sandbox_port, port))
            if not settings.REDIS_URL:
                valkey.ensure_running()
            call_command("migrate", verbosity=0)
            children.append(_web(port, sandbox_port))
            _wait_for(port, children)
            children.append(_sweep(sandbox_port))
            self.stdout.write(f"Page  网页  http://{_HOST}:{port}/")
            self.stdout.write(f"Phone 手机  http://{_HOST}:{sandbox_port}/sandbox/")
            self.stdout.write(f"Admin 管理  http://{_HOST}:{port}/admin/")
            self.stdout.write(
                "The first operator is made by: .venv/bin/python manage.py createsuperuser"
            )
            if settings.CELERY_BROKER_URL:
                self.stdout.write("CELERY_BROKER_URL is set: texts wait for workers of your own.")
            self.stdout.write("Ctrl-C stops all of it.")
            while not _any_within(0.2, heard):
                if any(child.ended() for child in children) or not valkey.alive():
                    log = valkey.data_dir / "valkey.log"
                    raise CommandError(f"A process ended; its words stand above, or in {log}.")
            self.stdout.write("Stopping.")
        finally:
            for child in reversed(children):
                child.stop()
            valkey.stop()


def _any_within(seconds: float, heard: queue.SimpleQueue[int]) -> bool:
    try:
        heard.get(timeout=seconds)
    except queue.Empty:
        return False
    return True


def _sandbox(port: int, web_port: int) -> Child:
    secret, *_ = conf.get().receipt_secret
    receipts = f"http://{_HOST}:{web_port}/v1/receipts/{{provider}}/{secret}"
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--receipts-to", receipts]
    return Child([*command, "--origin", settings.SANDBOX_ORIGIN])


def _web(port: int, sandbox_port: int) -> Child:
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"]
    where = ["--host", _HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    command = [*granian, *where, "dadashop.wsgi:application"]
    return Child(command, {"SANDBOX_PORT": str(sandbox_port)})


def _sweep(sandbox_port: int) -> Child:
    command = [sys.executable, "manage.py", "sweep", "--every", "5"]
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
    """Not cut short by Ctrl-C: Granian that is asked to end while it starts does not hear it."""
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
