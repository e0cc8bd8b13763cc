"""阿里云 (Aliyun, Dysmsapi 2017-05-25): SendSms.

Its own SDK puts the parameters into the query of a POST without a body, and so do we; whether this
interface reads a form in the body is not documented. 200 numbers keep that URL under 4 kB.

It remembers no request: a text that may have been taken must not be sent again.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from . import aliyun_auth as auth
from . import signing
from .base import Accepted, BadPush, Check, Push, Receipt, SendError, Text, Uncertain
from .errors import error_of
from .pushes import e164, member, read_json
from .transport import HttpProvider, check_templates

_ERRORS = Path(__file__).with_name("aliyun_errors.json")
_VERSION = "2017-05-25"
_TEMPLATE_STATES = {"0": "in review", "1": "approved", "2": "rejected", "10": "withdrawn"}


class Aliyun(HttpProvider):
    """`sign_name` is the signature (签名) that its console has approved, without the 【】."""

    name = "aliyun"
    batch_limit = 200  # it would take 1000

    def __init__(
        self,
        *,
        access_key_id: str,
        access_key_secret: str,
        sign_name: str,
        base_url: str = "https://dysmsapi.aliyuncs.com",
        timeout: tuple[float, float] = (1.0, 2.0),
        clock: Callable[[], datetime] = signing.now,
    ) -> None:
        super().__init__(base_url=base_url, timeout=timeout)
        self.access_key_id = access_key_id
        self._access_key_secret = access_key_secret
        self.sign_name = sign_name
        self._clock = clock

    def __repr__(self) -> str:
        return f"Aliyun(access_key_id={self.access_key_id!r}, base_url={self.base_url!r})"

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        """Raises SendError; ValueError for more than 200 phones."""
        self._check_size(text)
        parameters = {
            "PhoneNumbers": ",".join(map(_as_dialled, text.phones)),
            "SignName": self.sign_name,
            "TemplateCode": text.template,
            "TemplateParam": json.dumps(dict(text.params), separators=(",", ":")),
            "OutId": text.request_id,
        }
        message_id = self._call("SendSms", parameters).get("BizId")
        if not isinstance(message_id, str) or not message_id:
            raise Uncertain("no BizId")
        return dict.fromkeys(text.phones, Accepted(message_id))

    def read_receipts(self, push: Push) -> list[Receipt]:
        """SmsReport, an array; in an SmsUp, what shoppers wrote, there is none. Raises BadPush.

        The platform does not sign a push: the secret in the webhook's URL is all that there is.
        """
        rows = read_json(push)
        if not isinstance(rows, list):
            raise BadPush("not an array")
        return [_receipt(row) for row in rows if not _is_uplink(row)]

    def acknowledge(self, push: Push) -> tuple[str, bytes]:
        """Without a `code` that is a number it would push again, after 1, 5 and 10 minutes."""
        return "application/json;charset=utf-8", '{"code":0,"msg":"接收成功"}'.encode()

    def check(self, templates: Sequence[str]) -> list[Check]:
        return check_templates(
            self,
            templates,
            self._template_state,
            about_template={"isv.SMS_TEMPLATE_ILLEGAL", "isv.INVALID_PARAMETERS"},
        )

    def _template_state(self, template: str) -> str:
        reply = self._call("QuerySmsTemplate", {"TemplateCode": template})
        status = str(reply.get("TemplateStatus"))
        return _TEMPLATE_STATES.get(status, f"status {status}")

    def sign(self, action: str, query: str) -> dict[str, str]:
        """The headers of a POST to `/` with that query and no body."""
        headers = {
            "host": self.host,
            "x-acs-action": action,
            "x-acs-content-sha256": auth.content_hash(b""),
            "x-acs-date": signing.stamp(self._clock()),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": _VERSION,
        }
        signed = auth.authorization(
            self.access_key_id, self._access_key_secret, "POST", query, headers
        )
        return {**headers, "Accept": "application/json", "Authorization": signed}

    def _call(self, action: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The reply's members, `Code` checked; refusals come with HTTP 200 and 4xx alike.

        Raises SendError.
        """
        query = auth.query(parameters)
        headers = self.sign(action, query)
        reply = self._json("POST", f"/?{query}", headers=headers, outcome={"Code"})
        if reply["Code"] != "OK":
            raise error_of(_ERRORS, str(reply["Code"]), str(reply.get("Message", "")))
        return reply


def _as_dialled(phone: str) -> str:
    """`+8613800138000` -> `13800138000`; another country's number goes out as code and number."""
    return phone.removeprefix("+86").removeprefix("+")


def _is_uplink(row: Any) -> bool:
    return isinstance(row, Mapping) and "content" in row and "success" not in row


def _receipt(row: Any) -> Receipt:
    message_id, delivered = member(row, "biz_id"), row.get("success")
    if not isinstance(delivered, bool):
        raise BadPush("success is neither true nor false")
    return Receipt(
        message_id=message_id,
        request_id=member(row, "out_id", ""),
        phone=e164(member(row, "phone_number")),
        delivered=delivered,
        code=member(row, "err_code", ""),
    )
