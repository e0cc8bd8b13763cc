"""`manage.py sandbox`: the simulated SMS platforms and phones, alone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from sandbox.__main__ import main


class Command(BaseCommand):
    help = "Plays the SMS platforms and the phones on 127.0.0.1, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8883, help="0 picks a free one")

    def handle(self, *args: Any, **options: Any) -> None:
        if status := main(["--port", str(options["port"])]):
            raise SystemExit(status)
