"""`manage.py show_phone 138…`: why a phone gets no text."""

from argparse import ArgumentParser
from typing import Any

import msgspec
from django.utils import timezone

from verifications import inspection
from verifications.inspection import Code, Findings, Limit, Pool, Refusal, Shared
from verifications.management import base

_WITHHELD = {
    "blocked": "is on the block list: no text goes out",
    "test_number": "is a test number: no text goes out",
}


class Command(base.Command):
    help = (
        "Shows how a phone stands with its limits, what the guard and the lists say of it, the "
        "state of its codes (never a code), its latest texts, and whether it would be texted now. "
        "Changes nothing, and never shows the full number."
    )
    examples = (
        ("manage.py show_phone 13800138000", "a shopper says that no code comes"),
        ("manage.py show_phone - <<< 13800138000", "the same, and no shell history has the number"),
        ("manage.py show_phone 13800138000 --ip 203.0.113.7", "as that address would be answered"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone", metavar="PHONE", help="`-` reads it from standard input")
        parser.add_argument("--ip", type=base.address, metavar="ADDRESS", help="that would ask")
        parser.add_argument("--json", action="store_true", help="all of it, for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        found = inspection.inspect(base.read_phone(options["phone"]), options["ip"])
        if options["json"]:
            self.stdout.write(msgspec.json.encode(found).decode())
        else:
            self._print(found)

    def _print(self, found: Findings) -> None:
        asker = f", asked for from {found.ip}" if found.ip else ""
        self.stdout.write(f"{found.phone}{asker}")
        for line in _verdict(found):
            self.stdout.write(line)
        known = " (the address is a stranger's)" if found.stranger else ""
        self._part(f"Its own limits{known}", map(_limit, found.limits))
        self._part("Codes", map(_code, found.codes))
        self._part("Shared limits", (line for one in found.shared for line in _shared(one)))
        self._part(
            "Lists",
            (
                f"{one.list} {one.what} {one.value}"
                + (f" until {_time(one.until)}" if one.until else "")
                + (f": {one.note}" if one.note else "")
                for one in found.lists
            ),
        )
        self._part(
            "Latest texts",
            (
                f"{_time(one.at)}  {one.kind:<7} {one.template:<15} {one.status:<12}"
                f"{one.reason}".rstrip()
                for one in found.texts
            ),
        )

    def _part(self, title: str, lines: Any) -> None:
        self.stdout.write(f"\n{title}:")
        for line in [*lines] or ["none"]:
            self.stdout.write(f"  {line}")


def _verdict(found: Findings) -> list[str]:
    """One line where all purposes are alike."""
    told = {code.purpose: _would(code.refused, found) for code in found.codes if not code.context}
    if len({*told.values()}) == 1:
        return [next(iter(told.values()))]
    return [f"{purpose}: {words}" for purpose, words in told.items()]


def _would(refused: Refusal | None, found: Findings) -> str:
    withheld = _WITHHELD.get(found.withheld, "")
    if refused:
        limit = f" ({refused.limit})" if refused.limit else ""
        wait = f", {refused.retry_after} s" if refused.retry_after is not None else ""
        return f"would be refused now: {refused.code}{limit}{wait}{withheld and f'; it {withheld}'}"
    return f"would look sent, but {withheld}" if withheld else "would be let through"


def _limit(one: Limit) -> str:
    left = max(0, one.most - one.used)
    wait = f", free again in {one.free_in} s" if one.free_in else ""
    return f"{one.kind}: {one.used} of {one.most} in {one.seconds} s, {left} left{wait}"


def _code(one: Code) -> str:
    what = f"{one.purpose} (with a context)" if one.context else one.purpose
    state = f"{one.state}, {one.expires_in} s left" if one.expires_in else "no code"
    return f"{what}: {state}; {_pool('who asked', one.of_askers)}; " + _pool(
        "strangers", one.of_strangers
    )


def _pool(who: str, guesses: Pool) -> str:
    wait = f", none for {guesses.free_in} s" if guesses.free_in else ""
    return f"{who}: {guesses.at_code} wrong guesses, {guesses.left} left{wait}"


def _shared(one: Shared) -> list[str]:
    feels = f", {one.feels}" if one.feels else ""
    # Of everyone's texts nobody counts which were verified: the guard judges smaller circles.
    verified = "" if one.kind == "global" else f", {one.verified} verified"
    guard = f"{one.kind}: {one.asked} asked for{verified}{feels}"
    return [guard, *map(_limit, one.limits)]


def _time(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
