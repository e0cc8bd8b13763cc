"""The report on one number of a TemplateSMS: JSON, or XML for a text that was asked for in XML.

Both as in the samples that clients of the platform carry; the one in XML knows fewer fields.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sandbox.cloopen import codec
from sandbox.phones import segments
from sandbox.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Sent:
    """What a report tells of the text it is about."""

    app_id: str
    text: str
    extension: str
    req_id: str
    message_sid: str
    number: str


def stamp(moment: datetime) -> str:
    """The platform's way to write a time: yyyyMMddHHmmss."""
    return moment.strftime("%Y%m%d%H%M%S")


def receipt(sent: Sent, moment: datetime, media: str, lost: str) -> Receipt:
    """The SMSArrived object; `lost` is the carrier's code of a failure. A pull tells all fields."""
    fields = {
        "action": "SMSArrived",
        "smsType": "1",
        "apiVersion": "2013-12-26",
        "content": sent.message_sid,
        "fromNum": sent.number,
        "dateSent": stamp(moment),
        "deliverCode": lost or "DELIVRD",
        "recvTime": stamp(moment),
        "status": "1" if lost else "0",
        "reqId": sent.req_id,
        "smsCount": str(segments(sent.text)),
        "spCode": f"10690876{sent.extension}",
    }
    if media == "xml":
        body = codec.document("Request", _xml_fields(fields, sent.extension))
        return Receipt("cloopen", sent.app_id, fields, body, codec.XML)
    body = json.dumps({"Request": fields}, ensure_ascii=False).encode()
    return Receipt("cloopen", sent.app_id, fields, body)


def _xml_fields(fields: dict[str, str], extension: str) -> dict[str, str]:
    told = ("action", "smsType", "recvTime", "apiVersion", "fromNum")
    more = ("content", "status", "dateSent")
    return (
        {name: fields[name] for name in told}
        | {"appendCode": extension}
        | {name: fields[name] for name in more}
    )
