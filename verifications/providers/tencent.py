"""腾讯云 (Tencent Cloud, sms 2021-01-11): SendSms.

The answer has an outcome for each number. Numbers of the mainland and of elsewhere may not be in
one request, so such a text becomes two.

It remembers no request: a text that may have been taken must not be sent again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from . import signing
from . import tencent_auth as auth
from .base import Accepted, BadPush, Check, Push, Receipt, SendError, Text, Uncertain
from .errors import error_of
from .pushes import e164, member, read_json
from .transport import HttpProvider, check_templates

_ERRORS = Path(__file__).with_name("tencent_errors.json")
_VERSION = "2021-01-11"
_JSON = "application/json"
_TEMPLATE_STATES = {"0": "approved", "1": "in review", "2": "not in force yet", "-1": "rejected"}


class Tencent(HttpProvider):
    """`sign_name` is the signature (签名) itself, not its id; `sdk_app_id` its SmsSdkAppId."""

    name = "tencent"
    batch_limit = 200

    def __init__(
        self,
        *,
        secret_id: str,
        secret_key: str,
        sdk_app_id: str,
        sign_name: str,
        region: str = "ap-guangzhou",
        base_url: str = "https://sms.tencentcloudapi.com",
        timeout: tuple[float, float] = (1.0, 2.0),
        clock: Callable[[], datetime] = signing.now,
    ) -> None:
        super().__init__(base_url=base_url, timeout=timeout)
        self.secret_id = secret_id
        self._secret_key = secret_key
        self.sdk_app_id = sdk_app_id
        self.sign_name = sign_name
        self.region = region
        self._clock = clock

    def __repr__(self) -> str:
        return f"Tencent(secret_id={self.secret_id!r}, base_url={self.base_url!r})"

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        """Raises SendError; ValueError for more than 200 phones."""
        self._check_size(text)
        parts = [list(part) for _, part in groupby(sorted(text.phones, key=_abroad), key=_abroad)]
        if len(parts) == 1:
            return self._send(text, parts[0])
        outcomes: dict[str, Accepted | SendError] = {}
        for phones in parts:
            try:
                outcomes |= self._send(text, phones)
            except SendError as error:
                outcomes |= dict.fromkeys(phones, error)
        return outcomes

    def _send(self, text: Text, phones: Sequence[str]) -> dict[str, Accepted | SendError]:
        body = {
            "PhoneNumberSet": phones,
            "SmsSdkAppId": self.sdk_app_id,
            "TemplateId": text.template,
            "SignName": self.sign_name,
            "TemplateParamSet": list(text.params.values()),
            "SessionContext": text.request_id,
        }
        rows = self._call("SendSms", body).get("SendStatusSet")
        if not isinstance(rows, list):
            raise Uncertain("no SendStatusSet")
        told = {str(row.get("PhoneNumber")): row for row in rows if isinstance(row, dict)}
        return {phone: _outcome(told.get(phone, {})) for phone in phones}

    def read_receipts(self, push: Push) -> list[Receipt]:
        """An array; an uplink, what a shopper wrote, is one object. Raises BadPush.

        The platform does not sign a push: the secret in the webhook's URL is all that there is.
        """
        rows = read_json(push)
        if isinstance(rows, dict) and "text" in rows:
            return []
        if not isinstance(rows, list):
            raise BadPush("not an array")
        return [_receipt(row) for row in rows]

    def acknowledge(self, push: Push) -> tuple[str, bytes]:
        return "application/json;charset=utf-8", b'{"result":0,"errmsg":"OK"}'

    def check(self, templates: Sequence[str]) -> list[Check]:
        return check_templates(
            self,
            templates,
            self._template_state,
            about_template={
                "FailedOperation.MissingTemplateList",
                "FailedOperation.TemplateIdNotExist",
            },
        )

    def _template_state(self, template: str) -> str:
        if not template.isdecimal():
            return "not a number, as its ids are"
        asked = {"International": 0, "TemplateIdSet": [int(template)]}
        rows = self._call("DescribeSmsTemplateList", asked).get("DescribeTemplateStatusSet")
        if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
            return "not there"
        status = str(rows[0].get("StatusCode"))
        return _TEMPLATE_STATES.get(status, f"status {status}")

    def sign(self, action: str, body: bytes) -> dict[str, str]:
        """The headers of a POST of that body."""
        moment = self._clock()
        signed = auth.authorization(
            self.secret_id,
            self._secret_key,
            moment,
            content_type=_JSON,
            host=self.host,
            body=body,
        )
        return {
            "Host": self.host,
            "Content-Type": _JSON,
            "X-TC-Action": action,
            "X-TC-Version": _VERSION,
            "X-TC-Timestamp": str(int(moment.timestamp())),
            "X-TC-Region": self.region,
            "Authorization": signed,
        }

    def _call(self, action: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What stands under `Response`. Raises SendError."""
        body = json.dumps(asked).encode()
        headers = self.sign(action, body)
        whole = self._json("POST", "/", headers=headers, body=body, outcome={"Response"})
        reply = whole["Response"]
        if not isinstance(reply, dict):
            raise Uncertain("unreadable reply")
        if error := reply.get("Error"):
            known = error if isinstance(error, dict) else {}
            raise error_of(_ERRORS, str(known.get("Code", "")), str(known.get("Message", "")))
        return reply


def _abroad(phone: str) -> bool:
    return not phone.startswith("+86")


def _outcome(row: Mapping[str, Any]) -> Accepted | SendError:
    """What one entry of SendStatusSet says; nothing, if the number has none."""
    code, serial = row.get("Code"), row.get("SerialNo")
    if not isinstance(code, str) or not code:
        return Uncertain("no status of this number")
    if code != "Ok":
        return error_of(_ERRORS, code, str(row.get("Message", "")))
    return Accepted(serial) if serial and isinstance(serial, str) else Uncertain("no SerialNo")


def _receipt(row: Any) -> Receipt:
    status = member(row, "report_status")
    if status not in {"SUCCESS", "FAIL"}:
        raise BadPush("report_status is neither SUCCESS nor FAIL")
    country = member(row, "nationcode").removeprefix("+")
    return Receipt(
        message_id=member(row, "sid"),
        request_id=member(row, "ext", ""),
        phone=e164(f"+{country}{member(row, 'mobile')}"),
        delivered=status == "SUCCESS",
        code=member(row, "errmsg", ""),
    )
