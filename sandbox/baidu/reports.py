"""The report on one number, as it is pushed; the platform has no way to pull them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.phones import segments
from sandbox.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Sent:
    """What a report tells of the text it is about."""

    account_id: str
    request_id: str
    message_id: str
    number: str
    text: str
    custom: str


def report(sent: Sent, moment: datetime, push_id: str, lost: str) -> Receipt:
    """`lost` is the carrier's code of a failure; `push_id` stays the same when it is repeated.

    signature = hex md5(token + timestamp + body), the token being the account's id.
    """
    fields = {
        "code": "2" if lost else "0",
        "requestId": sent.request_id,
        "messageId": sent.message_id,
        "mobile": sent.number,
        "carrierCode": lost or "DELIVRD",
        "custom": sent.custom,
        "deliverTime": _utc(moment),
        "requestTime": _utc(moment),
    }
    counts = {"attemptCount": 1, "segmentCount": segments(sent.text)}
    body = json.dumps({**fields, **counts}, ensure_ascii=False).encode()
    timestamp = str(round(moment.timestamp() * 1000))
    signed = f"{sent.account_id}{timestamp}".encode() + body
    headers = {
        "requestId": push_id,
        "timestamp": timestamp,
        "signature": hashlib.md5(signed, usedforsecurity=False).hexdigest(),
    }
    return Receipt("baidu", sent.account_id, fields, body, headers=headers)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
