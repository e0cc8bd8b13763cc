"""A client of the platform that these tests wrote for themselves, from the documents."""

import base64
import hashlib
import http.client
import json
import socket
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from sandbox import Sandbox

JSON = "application/json;charset=utf-8"
XML = "application/xml;charset=utf-8"
TIMEOUT = 5.0


@dataclass(frozen=True)
class Account:
    sid: str = "8aaf0708000000000123456789abcdef"
    token: str = "0123456789abcdef0123456789abcdef"
    app_id: str = "8aaf070800000000fedcba9876543210"


@dataclass
class Client:
    """Signs and sends; every part of a request can be replaced by a wrong one."""

    box: Sandbox
    account: Account = field(default_factory=Account)
    timeout: float = TIMEOUT

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False

    def timestamp(self) -> str:
        return self.box.world.time().strftime("%Y%m%d%H%M%S")

    def sig(self, timestamp: str) -> str:
        signed = self.account.sid + self.account.token + timestamp
        return hashlib.md5(signed.encode()).hexdigest().upper()

    def headers(self, timestamp: str, **changes: str | None) -> dict[str, str | None]:
        plain = f"{self.account.sid}:{timestamp}".encode()
        usual: dict[str, str | None] = {
            "Accept": "application/json",
            "Content-Type": JSON,
            "Authorization": base64.b64encode(plain).decode(),
        }
        return usual | {name.replace("_", "-"): value for name, value in changes.items()}

    def message(self, **changes: object) -> dict[str, object]:
        """The body of a right send; a change to None leaves the field out."""
        usual: dict[str, object] = {
            "to": "13800138000",
            "appId": self.account.app_id,
            "templateId": "1",
            "datas": ["6532", "5"],
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def post(
        self,
        function: str,
        body: bytes,
        *,
        sid: str | None = None,
        query: str | None = None,
        timestamp: str | None = None,
        method: str = "POST",
        version: str = "2013-12-26",
        **headers: str | None,
    ) -> requests.Response:
        stamp = timestamp or self.timestamp()
        path = f"/{version}/Accounts/{self.account.sid if sid is None else sid}/{function}"
        asked = f"sig={self.sig(stamp)}" if query is None else query
        return self.session.request(
            method,
            f"{self.box.url}{path}?{asked}",
            data=body,
            headers=self.headers(stamp, **headers),
            timeout=self.timeout,
        )

    def send(self, **changes: object) -> requests.Response:
        return self.post("SMS/TemplateSMS", json.dumps(self.message(**changes)).encode())

    def code(self, **changes: object) -> str:
        """The statusCode of a send."""
        return status(self.send(**changes))

    def texts(self, **query: str) -> list[dict[str, str]]:
        answer = self.session.get(f"{self.box.url}/sandbox/messages", params=query, timeout=TIMEOUT)
        texts: list[dict[str, str]] = answer.json()
        return texts

    def fault(self, kind: str, **fields: object) -> dict[str, Any]:
        body = {"provider": "cloopen", "kind": kind, **fields}
        answer = self.session.post(f"{self.box.url}/sandbox/faults", json=body, timeout=TIMEOUT)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def pull(self, **changes: object) -> list[dict[str, str]]:
        body = {"appId": self.account.app_id, **changes}
        answer = self.post("SMS/GetArrived", json.dumps(body).encode()).json()
        assert answer["statusCode"] == "000000", answer
        reports: list[dict[str, str]] = answer["reports"]
        return reports


def status(answer: requests.Response) -> str:
    """The statusCode of an answer; a refusal must word itself too."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["statusCode"] == "000000" or body["statusMsg"]
    return str(body["statusCode"])


def exchange(box: Sandbox, request: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to raw bytes on a connection of their own."""
    with dial(box) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read()


def dial(box: Sandbox) -> socket.socket:
    parts = urlsplit(box.url)
    return socket.create_connection((parts.hostname, parts.port or 0), timeout=TIMEOUT)
