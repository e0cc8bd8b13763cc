"""`manage.py replay_guard FILE.csv`: whom the guard would have stopped, before it is let to."""

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

from verifications import conf, phones, replay, traffic
from verifications.management import base
from verifications.replay import Cause, Fate
from verifications.traffic import SHOPPER, Text

_COUNTED = ("texts", "sent", "asked", *replay.STOPS)
_SHOWN = 20  # causes, stopped shoppers and bad lines; --json has all


class Tally:
    """What came of the texts."""

    def __init__(self) -> None:
        self.parts: dict[str, Counter[str]] = {}
        self.causes: dict[Cause, dict[str, Any]] = {}
        self.hurt: list[dict[str, str]] = []

    def add(self, text: Text, fate: Fate) -> None:
        part = self.parts.setdefault(text.part, Counter(dict.fromkeys(_COUNTED, 0)))
        part["texts"] += 1
        part[fate.stopped or "sent"] += 1
        part["asked"] += fate.asked
        for cause in fate.causes:
            first = {"kind": cause.kind, "name": cause.name, "asked": 0, "refused": 0}
            row = self.causes.setdefault(cause, {**first, "first": _shown(text.at_ms)})
            row["asked" if fate.asked else "refused"] += 1
        if text.part == SHOPPER and fate.stopped not in {"", "own"}:
            who = {"address": text.address or "", "phone": phones.mask(text.phone)}
            self.hurt.append({"time": _shown(text.at_ms), **who, "by": fate.stopped})

    def attacks(self) -> Counter[str]:
        """All that is not of shoppers."""
        return sum((c for name, c in self.parts.items() if name != SHOPPER), Counter[str]())

    def recall(self) -> float:
        """Of the texts of attacks, the share that was not sent."""
        attacks = self.attacks()
        return 1 - _share(attacks["sent"], attacks["texts"])

    def precision(self) -> float:
        """Of the texts that were stopped but by the phone's own limits, the share of attacks."""
        attacks = self.attacks()
        caught = attacks["unsolved"] + attacks["limit"] + attacks["listed"]
        return _share(caught, caught + len(self.hurt))

    def suspects(self) -> list[dict[str, Any]]:
        return sorted(self.causes.values(), key=lambda row: -row["asked"] - row["refused"])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _shown(at_ms: int) -> str:
    zone = ZoneInfo(conf.get().time_zone)
    return datetime.fromtimestamp(at_ms // 1000, zone).strftime("%Y-%m-%d %H:%M:%S")


class Command(base.Command):
    help = (
        "Replays texts that were asked for, from a CSV file (docs/guard.md), and tells whom the "
        "guard would have asked for a captcha or refused, had it been enforced with these "
        "settings. Texts nobody, and touches no key in Redis but its own, which it removes."
    )

    examples = (
        ("manage.py replay_guard texts.csv", "with the settings in force, were GUARD enforce"),
        ("manage.py replay_guard texts.csv --bound ip=60:1.0", "with other bounds"),
        ("manage.py replay_guard texts.csv --json > found.json", "all of it, for a program"),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        bounds = "at least N texts that nobody verifies, or SHARE of the verified ones"
        parser.add_argument(
            "--bound", action="append", default=[], type=_bound, metavar="ip=N:SHARE", help=bounds
        )
        parser.add_argument("--window", type=int, metavar="SECONDS", help="GUARD_WINDOW")
        parser.add_argument(
            "--captcha-above", action="append", default=[], type=_above, metavar="ip=N"
        )
        parser.add_argument(
            "--attacker-solves", action="store_true", help="whoever attacks passes the captcha too"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        tally = Tally()
        try:
            texts, told = traffic.read(options["file"])
            with (
                replay.rehearsal(**_changes(options)),
                self.progress(len(texts), "texts") as advance,
            ):
                for text, fate in replay.run(texts, attackers_solve=options["attacker_solves"]):
                    tally.add(text, fate)
                    advance(1)
        except traffic.Unreadable as error:
            raise base.Misuse(_complaint(error.complaints)) from None
        except ImproperlyConfigured as error:
            raise base.Misuse(str(error)) from None
        (self._print_json if options["json"] else self._print)(tally, told)

    def _print_json(self, tally: Tally, told: bool) -> None:
        truth = {"precision": tally.precision(), "recall": tally.recall()} if told else {}
        shown = {"parts": tally.parts, "stopped": tally.suspects(), "shoppers": tally.hurt, **truth}
        self.stdout.write(json.dumps(shown, ensure_ascii=False))

    def _print(self, tally: Tally, told: bool) -> None:
        self._line("", "texts", "sent", "captcha", "unsolved", "refused", "own limits")
        for name, counts in sorted(tally.parts.items(), key=lambda part: part[0] != SHOPPER):
            refused = counts["limit"] + counts["listed"]
            cells = counts["texts"], counts["sent"], counts["asked"], counts["unsolved"]
            self._line(name, *cells, refused, counts["own"])
        if told:
            self.stdout.write(
                f"\nOf the attacks' texts {tally.recall():.1%} were stopped (recall)."
            )
            self.stdout.write(
                f"Of what was stopped {tally.precision():.1%} was theirs (precision)."
            )
        self._print_suspects(tally.suspects())
        self._print_hurt(tally.hurt)

    def _line(self, name: str, *cells: int | str) -> None:
        self.stdout.write(f"{name:<16}" + "".join(f"{cell:>12}" for cell in cells))

    def _print_suspects(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        self.stdout.write(f"\n{'Suspicious':<48}{'captcha':>9}{'refused':>9}  first")
        for row in rows[:_SHOWN]:
            name = f"{row['kind']} {row['name']}"
            counts = f"{row['asked']:>9}{row['refused']:>9}"
            self.stdout.write(f"{name:<48}{counts}  {row['first']}")
        self._and_more(rows)

    def _print_hurt(self, rows: list[dict[str, str]]) -> None:
        self.stdout.write(f"\nShoppers who got no text: {len(rows)}")
        for row in rows[:_SHOWN]:
            self.stdout.write(f"{row['time']}  {row['phone']}  {row['address']}  {row['by']}")
        self._and_more(rows)

    def _and_more(self, rows: list[Any]) -> None:
        if len(rows) > _SHOWN:
            self.stdout.write(f"... and {len(rows) - _SHOWN} more; --json has all.")


def _bound(text: str) -> tuple[str, tuple[int, float] | None]:
    found = re.fullmatch(r"(\w+)=(?:(off)|([0-9]+):([0-9]+(?:\.[0-9]+)?))", text, re.ASCII)
    if not found:
        raise ArgumentTypeError("such as ip=30:1.0, or ip=off")
    return found[1], None if found[2] else (int(found[3]), float(found[4]))


def _above(text: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"(\w+)=(?:(off)|([0-9]+))", text, re.ASCII)
    if not found:
        raise ArgumentTypeError("such as ip=300, or ip=off")
    return found[1], None if found[2] else int(found[3])


def _changes(options: dict[str, Any]) -> dict[str, Any]:
    """The settings that the options ask for; what they do not name stays."""
    changes: dict[str, Any] = {
        "GUARD_BOUNDS": _merged(conf.get().guard_bounds, options["bound"]),
        "CAPTCHA_ABOVE": _merged(conf.get().captcha_above, options["captcha_above"]),
    }
    if options["window"] is not None:
        changes["GUARD_WINDOW"] = options["window"]
    return changes


def _merged(known: Any, changed: list[tuple[str, Any]]) -> dict[str, Any]:
    merged = {**known, **dict(changed)}
    return {kind: value for kind, value in merged.items() if value is not None}


def _complaint(lines: tuple[str, ...]) -> str:
    more = f"\n... and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return "\n".join(lines[:_SHOWN]) + more + "\nNothing was replayed."
