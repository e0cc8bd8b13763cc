"""容联云 (Cloopen, yuntongxun): TemplateSMS, interface version 2013-12-26.

Each request carries the time of Shanghai twice and has to agree with itself: in `sig`, the MD5 of
account, token and time in capitals, and in `Authorization`, the Base64 of `account:time`. The
platform takes a time of up to 24 hours ago.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from . import cloopen_receipts as receipts
from . import cloopen_wire as wire
from .base import Accepted, Check, Push, Receipt, SendError, Text, Uncertain
from .errors import error_of
from .transport import HttpProvider, template_check

Format = Literal["json", "xml"]

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_ERRORS = Path(__file__).with_name("cloopen_errors.json")
_MIDNIGHT = timedelta(minutes=1)  # around it, we cannot say which day the platform counts


def _now() -> datetime:
    return datetime.now(_SHANGHAI)


@dataclass(frozen=True)
class _Signature:
    sig: str
    authorization: str


class Cloopen(HttpProvider):
    """`format` is what both sides write; `sub_append` the extension code, four digits or none;
    `pull` asks for the receipts, for those who have no URL set up in the platform's console."""

    name = "cloopen"
    batch_limit = 200

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        app_id: str,
        base_url: str = "https://app.cloopen.com:8883",
        format: Format = "json",  # noqa: A002 (the platform's word for it)
        sub_append: str = "",
        pull: bool = False,
        timeout: tuple[float, float] = (1.0, 2.0),
        clock: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__(base_url=base_url, timeout=timeout)
        if not re.fullmatch(r"([0-9]{4})?", sub_append):
            raise ValueError("sub_append has to be four digits")
        self.account_sid = account_sid
        self._auth_token = auth_token
        self.app_id = app_id
        self.format: Format = format
        self.sub_append = sub_append
        self.pull = pull
        self._clock = clock

    def __repr__(self) -> str:
        return f"Cloopen(account_sid={self.account_sid!r}, base_url={self.base_url!r})"

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        """Raises SendError; ValueError for more than 200 phones."""
        self._check_size(text)
        body: dict[str, Any] = {
            "to": ",".join(_as_dialled(phone) for phone in text.phones),
            "appId": self.app_id,
            "templateId": text.template,
            "datas": list(text.params.values()),
            "reqId": text.request_id,
        }
        if self.sub_append:
            body["subAppend"] = self.sub_append
        reply = self._call("POST", "SMS/TemplateSMS", "TemplateSMS", body)
        # The documented example has a blank in front of the sid.
        message_id = str(_members(reply, "TemplateSMS").get("smsMessageSid", "")).strip()
        if not message_id:
            raise Uncertain("no smsMessageSid")
        return dict.fromkeys(text.phones, Accepted(message_id))

    def can_repeat(self, first_sent: datetime) -> bool:
        """A reqId counts for one natural day of Shanghai: then a repeat is answered 160054."""
        first = (first_sent - _MIDNIGHT).astimezone(_SHANGHAI)
        return first.date() == (self._clock() + _MIDNIGHT).astimezone(_SHANGHAI).date()

    def read_receipts(self, push: Push) -> list[Receipt]:
        return receipts.read(push)

    def acknowledge(self, push: Push) -> tuple[str, bytes]:
        return receipts.acknowledge(push)

    def pull_receipts(self) -> list[Receipt]:
        """In JSON whatever `format` says: how a list looks in the platform's XML is not known."""
        if not self.pull:
            return []
        body = {"appId": self.app_id, "smsType": "1", "count": "500"}
        reply = self._call("POST", "SMS/GetArrived", "SMSArrived", body, form="json")
        return receipts.readable(reply.get("reports"))

    def check(self, templates: Sequence[str]) -> list[Check]:
        checks = [self._check_account()]
        if checks[0].ok:
            checks += [self._check_template(template) for template in templates]
        return checks

    def _check_account(self) -> Check:
        try:
            balance = _members(self._call("GET", "AccountInfo"), "Account").get("balance", "?")
        except SendError as error:
            return self.refused(error)
        hint = "top it up (充值) in the platform's console"
        return Check("account", ok=_is_positive(balance), detail=f"balance {balance}", hint=hint)

    def _check_template(self, template: str) -> Check:
        body = {"appId": self.app_id, "templateId": template}
        try:
            reply = self._call("POST", "SMS/QuerySMSTemplate", "Request", body)
        except SendError as error:
            return template_check(template, str(error))
        approved = str(_members(reply, "TemplateSMS").get("status")) == "1"
        return template_check(template, "approved" if approved else "not approved")

    def sign(self) -> _Signature:
        moment = self._clock().astimezone(_SHANGHAI).strftime("%Y%m%d%H%M%S")
        secret = f"{self.account_sid}{self._auth_token}{moment}".encode()
        return _Signature(
            # MD5 is the platform's choice, not ours.
            sig=hashlib.md5(secret, usedforsecurity=False).hexdigest().upper(),
            authorization=base64.b64encode(f"{self.account_sid}:{moment}".encode()).decode(),
        )

    def _call(
        self,
        method: str,
        function: str,
        root: str = "",
        body: dict[str, Any] | None = None,
        form: Format | None = None,
    ) -> dict[str, Any]:
        """The reply's members, `statusCode` checked. Raises SendError."""
        form = form or self.format
        signature = self.sign()
        raw = self._request(
            method,
            f"/2013-12-26/Accounts/{self.account_sid}/{function}?sig={signature.sig}",
            headers={
                "Accept": f"application/{form}",
                "Content-Type": f"application/{form};charset=utf-8",
                "Authorization": signature.authorization,
            },
            body=wire.encode(form, root, body) if body is not None else None,
        )
        try:
            reply = wire.decode(raw)
        except ValueError:
            raise Uncertain("unreadable reply") from None
        code = str(reply.get("statusCode", ""))
        if not code:
            raise Uncertain("no statusCode")
        if code != "000000":
            raise error_of(_ERRORS, code, str(reply.get("statusMsg", "")))
        return reply


def _members(reply: dict[str, Any], name: str) -> dict[str, Any]:
    """What stands under `name`, the first of several; JSON writes some with a small letter."""
    found = reply.get(name, reply.get(name[0].lower() + name[1:]))
    if isinstance(found, list) and found:
        found = found[0]
    return found if isinstance(found, dict) else {}


def _as_dialled(phone: str) -> str:
    """`+8613800138000` -> `13800138000`; another country's number goes out as `00…`."""
    return phone[3:] if phone.startswith("+86") else "00" + phone[1:]


def _is_positive(balance: Any) -> bool:
    try:
        return float(balance) > 0
    except (TypeError, ValueError):
        return False
