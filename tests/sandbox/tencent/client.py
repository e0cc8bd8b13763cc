"""A client of the platform that these tests wrote for themselves, from the documents."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from sandbox import Sandbox
from tests.sandbox.client import TIMEOUT

JSON = "application/json; charset=utf-8"


@dataclass
class Client:
    """Signs and sends; every part of a request can be replaced by a wrong one."""

    box: Sandbox
    secret_id: str = "AKIDSandboxDadashop0000000000000000"
    secret_key: str = "sandboxTencentKey00000000000000"
    app_id: str = "1400000001"

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False

    @property
    def host(self) -> str:
        return self.box.url.removeprefix("http://")

    def ask(
        self, action: str, body: bytes | dict[str, Any], method: str = "POST", **headers: str | None
    ) -> requests.Response:
        """Headers are by their names with '_' for '-'; None leaves one out."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        timestamp = str(int(self.box.world.time().timestamp()))
        usual: dict[str, str | None] = {
            "content-type": JSON,
            "host": self.host,
            "x-tc-action": action,
            "x-tc-timestamp": timestamp,
            "x-tc-version": "2021-01-11",
            "x-tc-region": "ap-guangzhou",
            "authorization": self.authorization(raw, timestamp),
        }
        changed = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in changed.items() if value is not None}
        url = f"{self.box.url}/"
        return self.session.request(method, url, data=raw, headers=sent, timeout=TIMEOUT)

    def authorization(
        self, body: bytes, timestamp: str, date: str | None = None, **signed: str
    ) -> str:
        """`signed`: other headers than the two that must be, by their names with '_' for '-'."""
        day = date or f"{datetime.fromtimestamp(int(timestamp), UTC):%Y-%m-%d}"
        headers = {"content-type": JSON, "host": self.host}
        headers |= {name.replace("_", "-"): value for name, value in signed.items()}
        lines = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
        names = ";".join(sorted(headers))
        canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{day}/sms/tc3_request"
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        key = f"TC3{self.secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), "sha256").digest()
        text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashed}"
        proof = hmac.new(key, text.encode(), "sha256").hexdigest()
        return (
            f"TC3-HMAC-SHA256 Credential={self.secret_id}/{scope}, SignedHeaders={names}, "
            f"Signature={proof}"
        )

    def message(self, **changes: object) -> dict[str, object]:
        """The body of a right SendSms; a change to None leaves a field out."""
        usual: dict[str, object] = {
            "PhoneNumberSet": ["+8613800138000"],
            "SmsSdkAppId": self.app_id,
            "TemplateId": "1000001",
            "SignName": "达达商城",
            "TemplateParamSet": ["6532", "5"],
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def send(self, **changes: object) -> list[dict[str, Any]]:
        """The SendStatusSet."""
        told = response(self.ask("SendSms", self.message(**changes)))
        statuses: list[dict[str, Any]] = told["SendStatusSet"]
        assert all(status["Message"] for status in statuses)
        return statuses

    def codes(self, **changes: object) -> list[str]:
        return [status["Code"] for status in self.send(**changes)]

    def texts(self, **query: str) -> list[dict[str, str]]:
        answer = self.session.get(f"{self.box.url}/sandbox/messages", params=query, timeout=TIMEOUT)
        texts: list[dict[str, str]] = answer.json()
        return texts

    def fault(self, kind: str, **fields: object) -> None:
        body = {"provider": "tencent", "kind": kind, **fields}
        answer = self.session.post(f"{self.box.url}/sandbox/faults", json=body, timeout=TIMEOUT)
        assert answer.status_code == 201, answer.text


def response(answer: requests.Response) -> dict[str, Any]:
    """What is under Response, right or refused: HTTP 200, and exactly this type."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    told: dict[str, Any] = answer.json()["Response"]
    assert told["RequestId"]
    return told


def error(answer: requests.Response) -> str:
    """The code of a refused request."""
    told = response(answer)
    assert told.keys() == {"Error", "RequestId"}
    assert told["Error"]["Message"]
    return str(told["Error"]["Code"])
