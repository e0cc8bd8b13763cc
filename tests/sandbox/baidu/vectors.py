"""Requests captured from the vendor's own Python SDK, with a fixed clock and invented accounts."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.baidu.accounts import Account

FILE = Path(__file__).parents[2] / "vectors" / "baidu.json"


@dataclass(frozen=True)
class Vector:
    name: str
    at: datetime
    account: Account
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def raw(self, target: bytes | None = None, **changes: bytes) -> bytes:
        """The request as bytes, with another target or other values of headers (lower, _ for -)."""
        lines = [b"POST " + (target or self.target.encode()) + b" HTTP/1.1"]
        for name, value in self.headers:
            changed = changes.get(name.lower().replace("-", "_"))
            lines.append(name.encode() + b": " + (changed or value.encode()))
        return b"\r\n".join([*lines, b"", self.body])

    def header(self, name: str) -> bytes:
        return dict(self.headers)[name].encode()


def load() -> list[Vector]:
    file = json.loads(FILE.read_text("utf-8"))
    captured = [_vector(item["name"], item["inputs"], item["request"]) for item in file["requests"]]
    # Signed by the SDK, never sent: the body is not signed, so any will do.
    return captured + [
        _vector(item["name"], item["inputs"], _request(item)) for item in file["signer_only"]
    ]


def _request(item: dict[str, Any]) -> dict[str, Any]:
    inputs = item["inputs"]
    body = json.loads(FILE.read_text("utf-8"))["requests"][0]["request"]["body"]
    more = {"Authorization": item["authorization"], "Content-Length": str(len(body))}
    return {
        "url": f"https://{inputs['headers']['Host']}{inputs['path']}?{urlencode(inputs['params'])}",
        "headers": list((inputs["headers"] | more).items()),
        "body": body,
    }


def _vector(name: str, inputs: dict[str, Any], request: dict[str, Any]) -> Vector:
    url = urlsplit(request["url"])
    return Vector(
        name=name,
        at=datetime.fromtimestamp(inputs["epoch"], UTC),
        account=Account("", inputs["ak"], inputs["sk"], id="a"),
        target=f"{url.path}?{url.query}" if url.query else url.path,
        headers=tuple((name, value) for name, value in request["headers"]),
        body=request["body"].encode(),
    )


VECTORS = load()
