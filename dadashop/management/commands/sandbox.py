"""`manage.py sandbox`: the simulated SMS platforms and phones, alone."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from sandbox.__main__ import main
from verifications.management import base


class Command(base.Command):
    help = "Plays the SMS platforms and the phones on 127.0.0.1, until Ctrl-C."
    examples = (
        ("manage.py sandbox", "beside a web server of your own; Ctrl-C ends it, with 0"),
        ("manage.py sandbox --port 0", "on any free port, which it tells"),
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8883, help="0 picks a free one")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = ["--port", str(options["port"]), "--origin", settings.SANDBOX_ORIGIN]
        if status := main(wanted):
            raise SystemExit(status)
