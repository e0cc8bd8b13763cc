"""`manage.py unblock 138…`: a shopper, or an address, is let through again."""

from argparse import ArgumentParser
from typing import Any

from verifications import unblocking
from verifications.management import base
from verifications.unblocking import Freed


class Command(base.Command):
    help = (
        "Takes a phone off the block list, and forgets the texts that it was sent and the wrong "
        "guesses, so that it may have a code at once; or an address, with --ip. Segments and "
        "ranges of addresses stay as they are."
    )
    examples = (
        ("manage.py unblock 13800138000", "the shopper on the phone is no robot"),
        ("manage.py unblock - <<< 13800138000", "the same, and no shell history has the number"),
        ("manage.py unblock 13800138000 --keep-quotas", "off the list, limits as they are"),
        ("manage.py unblock --ip 203.0.113.7", "a campus, or an operator who cannot log in"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "phone", nargs="?", metavar="PHONE", help="`-` reads it from standard input"
        )
        parser.add_argument("--ip", type=base.address, metavar="ADDRESS")
        parser.add_argument("--keep-quotas", action="store_true", help="forget nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["phone"] and not options["ip"]:
            raise base.Misuse("Whom? Name a PHONE, an address with --ip, or both.")
        keep = options["keep_quotas"]
        if options["phone"]:
            phone = base.read_phone(options["phone"])
            self._print(unblocking.unblock(phone, keep_quotas=keep))
        if options["ip"]:
            self._print(unblocking.unblock_address(options["ip"], keep_quotas=keep))

    def _print(self, freed: Freed) -> None:
        words = "taken off the block list" if freed.entries else "is not on the block list itself"
        self.stdout.write(f"{freed.whom}: {words}; forgotten: {freed.forgotten}")
        for value in freed.still:
            self.stdout.write(f"  still blocked by {value}: change that at /admin/ (黑白名单)")
