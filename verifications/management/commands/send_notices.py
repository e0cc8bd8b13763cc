"""`manage.py send_notices FILE.csv --template T`: one notice a row.

Each row leaves a key made of its template, phone and parameters, in the transaction that writes its
message. So the same file may be sent again after a crash, or with its bad rows mended, and nobody
gets a text twice.
"""

import hashlib
import itertools
import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from verifications import conf, guard, notices, phones, services
from verifications.exceptions import (
    InvalidRequest,
    PhoneBlocked,
    Unavailable,
    VerificationError,
)
from verifications.management import base
from verifications.management.notice_file import ENCODINGS, NoticeFile, Row
from verifications.management.refusals import Refusals
from verifications.models import IdempotencyKey
from verifications.notices import MOST_PHONES
from verifications.quiet import quiet_until

_KEPT = timedelta(days=30)


@dataclass
class Done:
    """What became of the rows that were looked at."""

    queued: int = 0
    before: int = 0
    seen: int = 0


class Command(base.Command):
    help = (
        "Texts a notice for each row of a CSV file: the column `phone`, and one for each parameter "
        "of the template; other columns are left alone. May be ended and run again: within 30 days "
        "no row goes out twice."
    )
    examples = (
        (
            "manage.py send_notices parcels.csv --template shipped --dry-run",
            "looks at every row, says how many would go out, and texts nobody",
        ),
        (
            "manage.py send_notices parcels.csv --template shipped --report refused.csv",
            "texts them; mend refused.csv and send that in the same way",
        ),
        (
            "manage.py send_notices 1.csv --template shipped --encoding gb18030 --map phone=手机号",
            "a file of Excel's, where a column is called otherwise",
        ),
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--template", required=True, help="the notice, as in TEMPLATES")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            type=_mapping,
            metavar="NAME=COLUMN",
            help="`phone`, or a parameter, and how its column is called; once for each",
        )
        parser.add_argument("--encoding", choices=[*ENCODINGS], default="utf-8")
        parser.add_argument(
            "--report",
            type=Path,
            metavar="REFUSED.csv",
            help="a new file for the rows that are refused, with the reason as one more column",
        )
        parser.add_argument("--dry-run", action="store_true", help="text nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        template, dry = options["template"], options["dry_run"]
        file = NoticeFile.open(
            options["file"],
            _params(template),
            encoding=options["encoding"],
            columns=dict(options["map"]),
        )
        if dry and file.unread:
            self.stdout.write(f"Columns that are left alone: {', '.join(file.unread)}")
        total = file.count()  # to the end: nothing goes out of a file that is broken further down
        with Refusals.to(options["report"], file, self.stderr) as refusals:
            sending = _Sending(template, file.width, refusals, dry=dry)
            try:
                self._work(file, total, sending)
            finally:
                self._tell(sending.done, refusals.count, dry)
            if sending.done.seen == total:
                refusals.keep()
        self._conclude(sending.done, refusals.count, total)

    def _work(self, file: NoticeFile, total: int, sending: "_Sending") -> None:
        rows = file.rows()
        with closing(rows), base.ctrl_c_waits() as asked, self.progress(total, "rows") as advance:
            while not asked() and (batch := list(itertools.islice(rows, MOST_PHONES))):
                sending.send(batch)
                advance(len(batch))

    def _tell(self, done: Done, refused: int, dry: bool) -> None:
        verb = "would be queued" if dry else "queued"
        self.stdout.write(f"{done.queued} {verb}, {done.before} sent before, {refused} refused.")
        if dry:
            self.stdout.write("A dry run: nobody was texted.")
        elif done.queued and (morning := quiet_until(timezone.now())):
            self.stdout.write(f"These are quiet hours: they go out at {morning:%H:%M}.")

    def _conclude(self, done: Done, refused: int, total: int) -> None:
        if left := total - done.seen:
            self.stdout.write(f"Ended by Ctrl-C, {left} rows are left. Run it again to go on.")
            raise SystemExit(base.INTERRUPTED)
        if not total:
            self.stdout.write("The file has no rows.")
        if refused:
            raise SystemExit(base.FAILED)


def _mapping(argument: str) -> tuple[str, str]:
    name, equals, column = argument.partition("=")
    if not (name and equals and column):
        raise ArgumentTypeError("such as phone=手机号")
    return name, column.strip()


def _params(template: str) -> Sequence[str]:
    known = {
        name: text.params
        for name, text in conf.get().templates.items()
        if "code" not in text.params
    }
    if template not in known:
        raise base.Misuse(f"There is no notice {template!r}; there is: {', '.join(known)}.")
    return known[template]


class _Sending:
    """What is done with the rows, a batch at a time."""

    def __init__(self, template: str, width: int, refusals: Refusals, *, dry: bool) -> None:
        self.done = Done()
        self._template = template
        self._width = width
        self._refusals = refusals
        self._dry = dry

    def send(self, batch: list[Row]) -> None:
        """Queue those rows that never were."""
        good = 0
        fresh: dict[str, tuple[str, dict[str, str]]] = {}
        for row in batch:
            if reason := self._obstacle(row):
                self._refusals.add(row, reason)
                continue
            good += 1
            phone = phones.normalise(row.phone, conf.get().allowed_countries)
            fresh.setdefault(_digest(self._template, row.params, phone), (phone, row.params))
        sent = IdempotencyKey.objects.filter(digest__in=fresh).values_list("digest", flat=True)
        for digest in list(sent):
            del fresh[digest]
        if fresh and not self._dry:
            self._queue(fresh)
        self.done.queued += len(fresh)
        self.done.before += good - len(fresh)
        self.done.seen += len(batch)

    def _queue(self, fresh: dict[str, tuple[str, dict[str, str]]]) -> None:
        expires_at = timezone.now() + _KEPT
        keys = (IdempotencyKey(digest=digest, answer=[], expires_at=expires_at) for digest in fresh)
        try:
            with transaction.atomic():
                services.notify_each(self._template, [*fresh.values()])
                IdempotencyKey.objects.bulk_create(keys)
        except IntegrityError as error:
            raise CommandError(
                "Somebody else is just sending the same rows. Run this again when they are done; "
                "what went out stays out."
            ) from error

    def _obstacle(self, row: Row) -> str:
        """Why a row cannot be sent, if it cannot."""
        if len(row.cells) != self._width:
            return f"{self._width} columns are expected"
        try:
            phone = phones.normalise(row.phone, conf.get().allowed_countries)
            notices.check(self._template, row.params)
            if guard.is_blocked(phone):
                raise PhoneBlocked
        except Unavailable:
            raise
        except InvalidRequest as refusal:
            (error, *_) = refusal.extras["errors"]
            return f"{error['field']}: {error['message']}"
        except VerificationError as refusal:
            return refusal.code
        return ""


def _digest(template: str, params: dict[str, str], phone: str) -> str:
    raw = json.dumps(["send_notices", template, params, phone], sort_keys=True)
    return hashlib.sha256(raw.encode()).hexdigest()
