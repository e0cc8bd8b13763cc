"""`manage.py block_virtual_operators`: their segments on the block list."""

from typing import Any

from verifications.entries import segment
from verifications.management import base
from verifications.models import ListEntry
from verifications.phones import VIRTUAL_OPERATORS


class Command(base.Command):
    help = "Blocks the segments of virtual operators, on which many numbers are held in bulk."
    examples = (("manage.py block_virtual_operators", "once; what is listed already stays so"),)

    def handle(self, *args: Any, **options: Any) -> None:
        for digits in VIRTUAL_OPERATORS:
            _, new = ListEntry.objects.get_or_create(
                list="block", what="segment", value=segment(digits), defaults={"note": "虚拟运营商"}
            )
            self.stdout.write(f"{digits}  {'blocked' if new else 'is on the block list already'}")
