"""The mall, as a process: sends notices, waits until all are settled, writes what became of each.

Half of the notices have a text of their own; the rest is one text to two batches of phones. Every
call has its Idempotency-Key and is made again until it is answered.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import django
import requests

from tests.reliability import deaths

_FIRST_PHONE = 13_700_000_000


def phones(count: int) -> list[str]:
    """In the order of sending."""
    return [str(_FIRST_PHONE + place) for place in range(count)]


def _calls(count: int) -> Iterator[tuple[list[str], str]]:
    """(phones, the order that its text names)."""
    everybody, half, quarter = phones(count), count // 2, count // 4
    for part in (everybody[:half], everybody[half:]):
        yield from (([phone], f"D{phone}") for phone in part[:quarter])
        yield part[quarter:], "D-all"


def spread(count: int, share: int) -> Iterator[str]:
    """A phone of each batch, and one in `share` of the others."""
    for place, (to, _) in enumerate(_calls(count)):
        if len(to) > 1 or place % share == 0:
            yield to[0]


def _notify(to: list[str], order: str) -> None:
    from django.db import connection

    from verifications.exceptions import Unavailable
    from verifications.services import notify

    params = {"order": order, "company": "顺丰", "number": "SF1"}
    while True:
        try:
            notify(to, "shipped", params, idempotency_key=f"{order}-{to[0]}")
        except Unavailable:
            connection.close()
            time.sleep(0.2)
        else:
            return


def _rows() -> list[dict[str, Any]]:
    """Of every message: its phone, status and reason, and whether a platform's answer told it."""
    from verifications.models import DeliveryAttempt, Message

    sent = DeliveryAttempt.objects.filter(outcome=DeliveryAttempt.Outcome.SENT)
    answered = set(sent.values_list("message_id", flat=True))
    found = Message.objects.values_list("id", "phone", "status", "reason")
    return [
        {"phone": phone, "status": status, "reason": reason, "answered": id_ in answered}
        for id_, phone, status, reason in found
    ]


def _unsettled(rows: list[dict[str, Any]], counts: dict[str, int], *, receipts: bool) -> bool:
    """With receipts, each text on a phone will be reported."""
    texted = {row["phone"] for row in rows if counts.get(row["phone"])}
    return any(
        row["status"] == "queued"
        or (receipts and row["status"] in ("sent", "unknown") and row["phone"] in texted)
        for row in rows
    )


def main(arguments: Sequence[str]) -> None:
    """COUNT SECONDS OUTPUT SANDBOX_URL RECEIPTS (0 or 1)"""
    count, seconds, output, sandbox_url, receipts = arguments
    sleepers = partial(deaths.sleepers, Path(os.environ.get("RELIABILITY_DEATHS", "none")))
    django.setup()
    from django.db import DatabaseError, connection

    for to, order in _calls(int(count)):
        _notify(to, order)
    deadline = time.monotonic() + float(seconds)
    unsettled = True
    while unsettled and time.monotonic() < deadline:
        time.sleep(0.2)
        counts = requests.get(f"{sandbox_url}/sandbox/messages/counts", timeout=10).json()
        try:
            rows = _rows()
        except DatabaseError:
            connection.close()
        else:
            unsettled = _unsettled(rows, counts, receipts=receipts == "1") or sleepers()
    Path(output).write_text(json.dumps(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
