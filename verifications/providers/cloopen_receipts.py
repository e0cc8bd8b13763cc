"""容联云's status reports, as they are pushed (SMSArrived, in JSON or XML) and pulled (GetArrived).

The platform does not sign a push: the secret in the webhook's URL is all that there is.
"""

import logging
from typing import Any

from . import cloopen_wire as wire
from .base import BadPush, Push, Receipt
from .pushes import e164, member

logger = logging.getLogger(__name__)

_REPORT = "1"  # smsType; 0 is an uplink


def read(push: Push) -> list[Receipt]:
    """The report of a push; none in an uplink. Raises BadPush."""
    try:
        row = wire.decode(push.body, "Request")
    except ValueError:
        raise BadPush("neither JSON nor XML") from None
    if wire.form_of(push.body) == "json":
        row = row.get("Request", {})
    return [_receipt(row)] if member(row, "smsType") == _REPORT else []


def acknowledge(push: Push) -> tuple[str, bytes]:
    """What it wants to read is not documented; this is how it words a success itself."""
    if wire.form_of(push.body) == "json":
        return "application/json;charset=utf-8", b'{"statusCode":"000000"}'
    body = b"<Response><statusCode>000000</statusCode></Response>"
    return "application/xml;charset=utf-8", b'<?xml version="1.0" encoding="UTF-8"?>' + body


def readable(rows: Any) -> list[Receipt]:
    """Those of a pull that make sense. They are gone from the platform, so one odd row does not
    take the others with it."""
    receipts = []
    for row in rows if isinstance(rows, list) else []:
        try:
            receipts.append(_receipt(row))
        except BadPush as error:
            logger.warning("cloopen: a pulled receipt is left out: %s", error)
    return receipts


def _receipt(row: Any) -> Receipt:
    status = member(row, "status")
    return Receipt(
        message_id=member(row, "content"),
        request_id=member(row, "reqId", ""),
        phone=e164(member(row, "fromNum")),
        delivered=status == "0",
        code=member(row, "deliverCode", "") or status,  # the XML form has no deliverCode
    )
