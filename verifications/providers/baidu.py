"""百度云 (Baidu AI Cloud, SMS v3): sendSms.

The answer has an outcome for each number. A request with a `clientToken` may be repeated for three
minutes; that the repeat is answered as the first was, is the general rule of this cloud, and not
said of texts in particular.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from . import baidu_auth as auth
from . import signing
from .base import Accepted, BadPush, Check, Push, Receipt, SendError, Text, Uncertain
from .errors import error_of
from .pushes import e164, member, read_json
from .transport import HttpProvider, check_templates

_ERRORS = Path(__file__).with_name("baidu_errors.json")
_SUCCESS = "1000"
_REMEMBERED = timedelta(minutes=3)
_SKEW = timedelta(seconds=10)  # between our clocks: a repeat may come from another machine


class Baidu(HttpProvider):
    """`account_id` is the token that signs its pushes: the account's id unless its console says
    otherwise; empty where it has none."""

    name = "baidu"
    batch_limit = 200

    def __init__(
        self,
        *,
        access_key_id: str,
        secret_access_key: str,
        signature_id: str,
        account_id: str = "",
        base_url: str = "https://smsv3.bj.baidubce.com",
        timeout: tuple[float, float] = (1.0, 2.0),
        clock: Callable[[], datetime] = signing.now,
    ) -> None:
        super().__init__(base_url=base_url, timeout=timeout)
        self.access_key_id = access_key_id
        self._secret_access_key = secret_access_key
        self.signature_id = signature_id
        self._account_id = account_id
        self._clock = clock

    def __repr__(self) -> str:
        return f"Baidu(access_key_id={self.access_key_id!r}, base_url={self.base_url!r})"

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        """Raises SendError; ValueError for more than 200 phones."""
        self._check_size(text)
        numbers = {phone: _as_dialled(phone) for phone in text.phones}
        body = {
            "mobile": ",".join(numbers.values()),
            "template": text.template,
            "signatureId": self.signature_id,
            "contentVar": dict(text.params),
            "custom": text.request_id,
        }
        reply = self._call(
            "POST", "/api/v3/sendSms", {"clientToken": text.request_id}, body, outcome={"code"}
        )
        rows = reply.get("data")
        told = {
            str(row.get("mobile")): row
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict)
        }
        if str(reply["code"]) != _SUCCESS and not told:
            raise _error(reply)
        return {phone: _outcome(told.get(number, {})) for phone, number in numbers.items()}

    def can_repeat(self, first_sent: datetime) -> bool:
        """While the token is surely still remembered when the repeat arrives."""
        on_its_way = timedelta(seconds=sum(self.timeout))
        return self._clock() - first_sent < _REMEMBERED - on_its_way - _SKEW

    def read_receipts(self, push: Push) -> list[Receipt]:
        """The report of a push; none in an uplink. Raises BadPush.

        Its age is not looked at: the platform tries for ten hours, and whether it dates a push
        anew each time is not documented.
        """
        self._check_signature(push)
        row = read_json(push)
        if isinstance(row, dict) and "content" in row and "messageId" not in row:
            return []
        code = member(row, "code")
        return [
            Receipt(
                message_id=member(row, "messageId"),
                request_id=member(row, "custom", ""),
                phone=e164(member(row, "mobile")),
                delivered=code == "0",
                code=member(row, "carrierCode", "") or code,
            )
        ]

    def _check_signature(self, push: Push) -> None:
        headers = {name.lower(): value for name, value in push.headers.items()}
        stamp, signature = headers.get("timestamp", ""), headers.get("signature", "")
        signed = f"{self._account_id}{stamp}".encode(errors="replace") + push.body
        # MD5 is the platform's choice, not ours.
        right = hashlib.md5(signed, usedforsecurity=False).hexdigest().encode()
        if not stamp or not hmac.compare_digest(right, signature.lower().encode(errors="replace")):
            raise BadPush("the signature is wrong")

    def acknowledge(self, push: Push) -> tuple[str, bytes]:
        """Any 200 will do."""
        return "application/json;charset=utf-8", b"{}"

    def check(self, templates: Sequence[str]) -> list[Check]:
        return check_templates(
            self,
            templates,
            self._template_state,
            about_template={"NoSuchKey", "B:00007"},
        )

    def _template_state(self, template: str) -> str:
        path = f"/sms/v3/template/{signing.encode(template)}"
        reply = self._call("GET", path, {}, outcome={"status", "code"})
        if "status" not in reply:
            raise _error(reply)
        state = str(reply["status"]).lower()
        # The SDK's samples say APPROVED; READY is what the interface is remembered to say.
        return "approved" if state == "ready" else state

    def sign(self, method: str, path: str, query: str) -> dict[str, str]:
        """The headers of a request; its body is not signed."""
        moment = self._clock()
        headers = {"host": self.host, "x-bce-date": signing.stamp(moment)}
        signed = auth.authorization(
            self.access_key_id, self._secret_access_key, moment, method, path, query, headers
        )
        content_type = "application/json;charset=utf-8"
        return {**headers, "Content-Type": content_type, "Authorization": signed}

    def _call(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        *,
        outcome: set[str],
    ) -> dict[str, Any]:
        """The reply's members; refusals come with HTTP 200 and 4xx alike. Raises SendError."""
        query = auth.query(parameters)
        return self._json(
            method,
            f"{path}?{query}" if query else path,
            headers=self.sign(method, path, query),
            body=json.dumps(body).encode() if body is not None else None,
            outcome=outcome,
        )


def _as_dialled(phone: str) -> str:
    """`+8613800138000` -> `13800138000`; another country's number keeps its `+`."""
    return phone.removeprefix("+86")


def _error(row: Mapping[str, Any]) -> SendError:
    return error_of(_ERRORS, str(row.get("code", "")), str(row.get("message", "")))


def _outcome(row: Mapping[str, Any]) -> Accepted | SendError:
    """What one entry of `data` says; nothing, if the number has none."""
    message_id = row.get("messageId")
    if not row.get("code"):
        return Uncertain("no status of this number")
    if str(row["code"]) != _SUCCESS:
        return _error(row)
    return (
        Accepted(message_id)
        if message_id and isinstance(message_id, str)
        else Uncertain("no messageId")
    )
