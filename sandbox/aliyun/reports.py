"""What became of each text: pushed as SmsReport, told by QuerySendDetails."""

import json
import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from sandbox.phones import segments
from sandbox.receipts import Receipt

KEPT = 10_000  # texts that QuerySendDetails remembers

WAITING, FAILED, DELIVERED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Sent:
    """One text on its way. `phone` is E.164."""

    key_id: str
    phone: str
    text: str
    template: str
    out_id: str
    biz_id: str
    at: datetime

    @property
    def number(self) -> str:
        """The number as the platform tells it: 11 digits."""
        return self.phone.removeprefix("+86")


class Detail:
    """A text and its end, known `delay` seconds after it was sent; never, if it is not reported."""

    def __init__(self, sent: Sent, delay: float) -> None:
        self.sent = sent
        self._due = time.monotonic() + delay
        self._code, self._known_from = "", math.inf

    def report(self, code: str) -> None:
        """The carrier's word on it."""
        self._code, self._known_from = code, self._due

    def listing(self) -> dict[str, str | int]:
        """One SmsSendDetailDTO."""
        known = time.monotonic() >= self._known_from
        end = DELIVERED if self._code == "DELIVERED" else FAILED
        told: dict[str, str | int] = {
            "PhoneNum": self.sent.number,
            "Content": self.sent.text,
            "TemplateCode": self.sent.template,
            "OutId": self.sent.out_id,
            "SendDate": stamp(self.sent.at),
            "SendStatus": end if known else WAITING,
        }
        return told | ({"ErrCode": self._code, "ReceiveDate": stamp(self.sent.at)} if known else {})


class Details:
    """The texts of late. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[Detail] = deque(maxlen=KEPT)

    def add(self, sent: Sent, delay: float) -> Detail:
        """One more text, whose end is known in `delay` seconds."""
        detail = Detail(sent, delay)
        with self._lock:
            self._kept.append(detail)
        return detail

    def find(self, key_id: str, phone: str, day: str, biz_id: str) -> list[Detail]:
        """An account's texts to a phone on a day (yyyyMMdd), newest first; '' is any BizId."""
        with self._lock:
            kept = list(reversed(self._kept))
        return [
            detail
            for detail in kept
            if (detail.sent.key_id, detail.sent.phone) == (key_id, phone)
            and f"{detail.sent.at:%Y%m%d}" == day
            and biz_id in {"", detail.sent.biz_id}
        ]


def stamp(moment: datetime) -> str:
    """The platform's way to write a time, in Shanghai."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def report(detail: Detail, lost: str) -> Receipt:
    """The documented SmsReport, one in its list; `lost` is the carrier's code of a failure."""
    sent, code = detail.sent, lost or "DELIVERED"
    detail.report(code)
    told = {
        "phone_number": sent.number,
        "send_time": stamp(sent.at),
        "report_time": stamp(sent.at),
        "success": not lost,
        "err_code": code,
        "err_msg": "用户接收失败" if lost else "用户接收成功",
        "sms_size": str(segments(sent.text)),
        "biz_id": sent.biz_id,
        "out_id": sent.out_id,
    }
    # Nothing is pulled here: QuerySendDetails takes nothing away.
    return Receipt("aliyun", sent.key_id, {}, json.dumps([told], ensure_ascii=False).encode())
