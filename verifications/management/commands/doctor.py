"""`manage.py doctor`: is everything there that a text needs?"""

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from verifications import checkup
from verifications.management import base
from verifications.providers import Check


class Command(base.Command):
    help = (
        "Checks Redis, the clock, the database, the queue, what is late in it, budgets, and every "
        "platform's account, balance, templates and receipts. One line each, with what to do where "
        "one fails."
    )
    examples = (
        ("manage.py doctor", "after an installation, and first of all when something is wrong"),
        ("manage.py doctor --json", "the same for a program: [{name, ok, detail, hint}, …]"),
        ("SANDBOX_PORT=9001 manage.py doctor", "beside `make run SANDBOX_PORT=9001`"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for check in checkup.checks():
            found.append(check)
            if not options["json"]:
                self._print(check)
        if options["json"]:
            self.stdout.write(json.dumps([*map(dataclasses.asdict, found)], ensure_ascii=False))
        if not all(check.ok for check in found):
            raise SystemExit(base.FAILED)

    def _print(self, check: Check) -> None:
        word = self.style.SUCCESS("ok  ") if check.ok else self.style.ERROR("FAIL")
        hint = f"; {check.hint}" if check.hint else ""
        self.stdout.write(f"{word} {check.name}: {check.detail}{hint}")
