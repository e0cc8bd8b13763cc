"""`manage.py roll_up --since 90d`: the dashboard's sums of the past."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.utils import timezone

from verifications import rollups
from verifications.management import base


class Command(base.Command):
    help = (
        "Sums up what was sent, hour by hour, for the dashboard. Beat and `sweep` do that for "
        "three days back by themselves; this is for texts from before. Hours of which texts were "
        "deleted keep the sums that they have."
    )
    examples = (
        ("manage.py roll_up --since 90d", "after an update from a version without a dashboard"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=_age, required=True, metavar="90d", help="how far back, at most a year"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        hours = rollups.hours_since(timezone.now() - options["since"])
        with self.progress(len(hours), "hours") as advance:
            for start in hours:
                rollups.roll(start)
                advance(1)
        self.stdout.write(f"Summed up {len(hours)} hours.")


def _age(text: str) -> timedelta:
    found = re.fullmatch("([1-9][0-9]{0,2})d", text)
    if not found or int(found[1]) > rollups.KEPT.days:
        raise ArgumentTypeError("days are expected, such as 90d; at most 365d")
    return timedelta(days=int(found[1]))
