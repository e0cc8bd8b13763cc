"""A client of the platform that these tests wrote for themselves, from the documents."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import requests

from sandbox import Sandbox
from tests.sandbox.client import TIMEOUT

FORM = "application/x-www-form-urlencoded"
FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass
class Client:
    """Signs and sends; every part of a request can be replaced by a wrong one."""

    box: Sandbox
    key_id: str = "LTAI5tSandboxDadashop00"
    secret: str = "sandboxAliyunSecret0123456789a"

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False

    def ask(
        self,
        action: str,
        query: dict[str, str] | None = None,
        body: bytes = b"",
        method: str = "POST",
        **headers: str | None,
    ) -> requests.Response:
        """Headers are by their names with '_' for '-'; None leaves one out. All are signed."""
        target = urlencode(sorted((query or {}).items()), quote_via=quote, safe="~")
        now = self.box.world.time().astimezone(UTC)
        usual: dict[str, str | None] = {
            "content-type": FORM if body else None,
            "host": self.box.url.removeprefix("http://"),
            "x-acs-action": action,
            "x-acs-version": "2017-05-25",
            "x-acs-date": now.strftime(FORMAT),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        }
        changed = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in changed.items() if value is not None}
        if "authorization" not in headers:
            sent["authorization"] = self.authorization(method, target, sent)
        return self.session.request(
            method, f"{self.box.url}/?{target}", data=body, headers=sent, timeout=TIMEOUT
        )

    def authorization(self, method: str, query: str, headers: dict[str, str]) -> str:
        signed = sorted(headers.items())
        lines = "".join(f"{name}:{value}\n" for name, value in signed)
        names = ";".join(name for name, _ in signed)
        digest = headers.get("x-acs-content-sha256", "")
        canonical = f"{method}\n/\n{query}\n{lines}\n{names}\n{digest}"
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        proof = hmac.new(self.secret.encode(), text.encode(), "sha256").hexdigest()
        return f"ACS3-HMAC-SHA256 Credential={self.key_id},SignedHeaders={names},Signature={proof}"

    def message(self, **changes: object) -> dict[str, str]:
        """The parameters of a right SendSms; a change to None leaves one out, all but strings are
        made JSON."""
        usual: dict[str, object] = {
            "PhoneNumbers": "13800138000",
            "SignName": "达达商城",
            "TemplateCode": "SMS_100001",
            "TemplateParam": {"code": "6532", "minutes": "5"},
        }
        return parameters(usual | changes)

    def send(self, **changes: object) -> dict[str, Any]:
        return answered(self.ask("SendSms", self.message(**changes)))

    def code(self, **changes: object) -> str:
        return str(self.send(**changes)["Code"])

    def texts(self, **query: str) -> list[dict[str, str]]:
        answer = self.session.get(f"{self.box.url}/sandbox/messages", params=query, timeout=TIMEOUT)
        texts: list[dict[str, str]] = answer.json()
        return texts

    def fault(self, kind: str, **fields: object) -> None:
        body = {"provider": "aliyun", "kind": kind, **fields}
        answer = self.session.post(f"{self.box.url}/sandbox/faults", json=body, timeout=TIMEOUT)
        assert answer.status_code == 201, answer.text


def parameters(fields: dict[str, object]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in fields.items()
        if value is not None
    }


def answered(answer: requests.Response) -> dict[str, Any]:
    """The service's answer; a refusal must word itself too."""
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 200, answer.text
    assert body["Message"]
    assert body["RequestId"]
    return body


def gateway(answer: requests.Response) -> tuple[int, str]:
    """HTTP status and Code of what the gateway refused."""
    body = answer.json()
    assert body.keys() == {"Code", "Message", "RequestId"}
    return answer.status_code, body["Code"]


def at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(FORMAT)
