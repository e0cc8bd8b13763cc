"""A client of the platform that these tests wrote for themselves, from the documents."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from sandbox import Sandbox
from tests.sandbox.client import TIMEOUT

SEND = "/api/v3/sendSms"
SIGNATURE = "sms-sign-dadashop01"
CODE = "sms-tmpl-code0000001"


@dataclass(frozen=True)
class Account:
    key: str = "sandboxbaiduak000000000000000000"
    secret: str = "sandboxbaidusk000000000000000000"
    id: str = "sandboxbaiduaccount0000000000000"


@dataclass
class Client:
    """Signs and sends; every part of a request can be replaced by a wrong one."""

    box: Sandbox
    account: Account = field(default_factory=Account)

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False

    def time(self) -> str:
        return self.box.world.time().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def message(self, **changes: object) -> dict[str, object]:
        """The body of a right send; a change to ... leaves the field out."""
        usual: dict[str, object] = {
            "mobile": "13800138000",
            "template": CODE,
            "signatureId": SIGNATURE,
            "contentVar": {"code": "6532", "minutes": "5"},
        }
        return {name: value for name, value in (usual | changes).items() if value is not ...}

    def authorization(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        *,
        signed: str = "host;x-bce-date",
        time: str | None = None,
        seconds: str = "1800",
    ) -> str:
        prefix = f"bce-auth-v1/{self.account.key}/{time or self.time()}/{seconds}"
        path, _, query = target.partition("?")
        lower = {name.lower(): value for name, value in headers.items()}
        lines = sorted(
            f"{name}:{quote(lower.get(name, ''), safe='')}" for name in signed.split(";")
        )
        canonical = "\n".join([method, path, query, *lines])
        return f"{prefix}/{signed}/{digest(digest(self.account.secret, prefix), canonical)}"

    def request(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        headers: dict[str, str | None] | None = None,
        **signing: Any,
    ) -> requests.Response:
        """`headers` are changed after signing; `signing` goes to `authorization`."""
        sent = {"Host": urlsplit(self.box.url).netloc, "x-bce-date": self.time()}
        usual = {**sent, "Authorization": self.authorization(method, target, sent, **signing)}
        usual["Content-Type"] = "application/json;charset=utf-8"
        changed: dict[str, str | None] = {**usual, **(headers or {})}
        url = self.box.url + target
        return self.session.request(method, url, data=body, headers=changed, timeout=TIMEOUT)

    def send(self, *, token: str = "", **changes: object) -> requests.Response:
        target = f"{SEND}?clientToken={quote(token, safe='')}" if token else SEND
        return self.request("POST", target, json.dumps(self.message(**changes)).encode())

    def code(self, **changes: Any) -> str:
        """The code of a send."""
        return code(self.send(**changes))

    def texts(self) -> list[str]:
        """What the phones received, oldest first."""
        return [text.text for text in reversed(self.box.world.phones.messages())]

    def fault(self, kind: str, **fields: object) -> None:
        body = {"provider": "baidu", "kind": kind, **fields}
        answer = self.session.post(f"{self.box.url}/sandbox/faults", json=body, timeout=TIMEOUT)
        assert answer.status_code == 201, answer.text


def digest(key: str, message: str) -> str:
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).hexdigest()


def code(answer: requests.Response) -> str:
    """The code of an answer; every one has a request id and words."""
    body = answer.json()
    assert body["message"]
    assert answer.headers["x-bce-request-id"]
    return str(body["code"])
