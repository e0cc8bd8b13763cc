"""`manage.py sweep`: what beat does, for an installation without a queue."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from typing import Any

from django.db import connection

from verifications import tasks
from verifications.management import base


class Command(base.Command):
    help = (
        "Sends what is due (delayed notices, what a dead process left), pulls receipts and drops "
        "what is kept for a day only. Once, or for ever with --every."
    )

    examples = (
        ("manage.py sweep", "once, from cron"),
        ("manage.py sweep --every 5", "beside a web server without a queue; Ctrl-C ends it"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=_seconds, metavar="SECONDS", help="again and again, until Ctrl-C"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["every"]:
            self._handle(None)
            return
        with suppress(KeyboardInterrupt):  # the way to end it
            self._handle(options["every"])

    def _handle(self, seconds: float | None) -> None:
        while True:
            try:
                _sweep()
            except tasks.Failed as error:  # the database is away, or the broker
                if not seconds:
                    raise
                self.stderr.write(f"sweep: {error}")
                connection.close()
            if not seconds:
                return
            time.sleep(seconds)


def _seconds(argument: str) -> float:
    seconds = float(argument)
    if not 0 < seconds < 86_400:
        raise ArgumentTypeError("seconds are expected, such as 5")
    return seconds


def _sweep() -> None:
    while tasks.sweep():
        pass
    tasks.pull_receipts()
    tasks.forget()
    tasks.roll_up()
