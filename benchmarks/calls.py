"""The calls that are measured: no two share a phone, and no address passes its quota."""

import itertools
import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from verifications.providers import locmem
from verifications.services import send_code

from .load import HOST, request_bytes

PURPOSE = "reset_password"  # it ends in a proof
_PER_ADDRESS = 200  # phones; the default quota of an address is 300 sends an hour

_serials = itertools.count()


@dataclass(frozen=True)
class Call:
    """A POST, for a socket or for a WSGI application."""

    path: str
    body: dict[str, str]
    address: str

    @property
    def raw(self) -> bytes:
        return request_bytes("POST", self.path, self.body, {"X-Forwarded-For": self.address})

    @property
    def environ(self) -> dict[str, Any]:
        body = json.dumps(self.body, separators=(",", ":")).encode()
        return {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": self.path,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": HOST,
            "HTTP_X_FORWARDED_FOR": self.address,
            "REMOTE_ADDR": HOST,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
        }


def phones(count: int) -> list[tuple[str, str]]:
    """(phone, address), each phone new."""
    return [_pair(next(_serials)) for _ in range(count)]


def _pair(serial: int) -> tuple[str, str]:
    network = serial // _PER_ADDRESS
    return f"138{serial:08d}", f"10.{network >> 16 & 255}.{network >> 8 & 255}.{network & 255}"


def sends(count: int) -> list[Call]:
    return [
        Call("/v1/verifications/codes", {"phone": phone, "purpose": PURPOSE}, address)
        for phone, address in phones(count)
    ]


def checks(count: int) -> list[Call]:
    """With right codes: sent from this process, on the servers' own Redis and secret key."""
    return [_check(phone, address) for phone, address in phones(count)]


def _check(phone: str, address: str) -> Call:
    send_code(phone, PURPOSE, ip=address)
    body = {"phone": phone, "purpose": PURPOSE, "code": locmem.outbox[-1].params["code"]}
    return Call("/v1/verifications/verify", body, address)
