"""Requests captured from the vendor's own Python SDK, with a fixed clock and invented accounts."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

FILE = Path(__file__).parents[1] / "vectors" / "cloopen.json"


@dataclass(frozen=True)
class Vector:
    name: str
    at: datetime
    target: bytes
    headers: tuple[tuple[str, str], ...]
    body: bytes
    account_sid: str
    sig: str

    @property
    def authorization(self) -> bytes:
        return dict(self.headers)["Authorization"].encode()

    def raw(self, target: bytes | None = None, authorization: bytes | None = None) -> bytes:
        """The request as bytes, with another target or Authorization."""
        lines = [b"POST " + (target or self.target) + b" HTTP/1.1"]
        for name, value in self.headers:
            replaced = authorization if name == "Authorization" else None
            lines.append(name.encode() + b": " + (replaced or value.encode()))
        return b"\r\n".join([*lines, b"", self.body])


def load() -> list[Vector]:
    vectors = []
    for item in json.loads(FILE.read_text("utf-8"))["requests"]:
        request, inputs = item["request"], item["inputs"]
        url = urlsplit(request["url"])
        vectors.append(
            Vector(
                name=item["name"],
                at=datetime.fromtimestamp(inputs["epoch"], UTC),
                target=f"{url.path}?{url.query}".encode(),
                headers=tuple((name, value) for name, value in request["headers"]),
                body=request["body"].encode(),
                account_sid=inputs["account_sid"],
                sig=url.query.removeprefix("sig="),
            )
        )
    return vectors


VECTORS = load()


def flips(value: bytes) -> list[bytes]:
    """`value` with each of its bits flipped, one at a time."""
    return [
        value[:index] + bytes([value[index] ^ 1 << bit]) + value[index + 1 :]
        for index in range(len(value))
        for bit in range(8)
    ]
