"""容联云 as the sandbox plays it, 50 ms away and over TLS; and what it can take at most."""

import asyncio
import json
import os
import ssl
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import requests
import trustme

from dadashop.platforms import PLATFORMS
from dadashop.processes import Child
from verifications.providers.cloopen import Cloopen

from . import servers
from .load import LoadError, request_bytes

LATENCY = 0.05  # seconds
TEMPLATE = "2"  # `shipped`
ACCOUNT = dict(PLATFORMS["cloopen"].options.values())
_CONNECTIONS = 128


class TrustingCloopen(Cloopen):
    """One that trusts an authority of the bench's own, and no other."""

    def __init__(self, *, authority: str, **options: Any) -> None:
        super().__init__(**options)
        self._authority = authority

    @property
    def _session(self) -> requests.Session:
        session = super()._session
        session.verify = self._authority
        return session


@dataclass(frozen=True)
class Platform:
    """A running one. `authority` is the PEM file of who vouches for it."""

    port: int
    authority: str

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority)

    def texts(self) -> dict[str, int]:
        """How many each phone has received."""
        connection = HTTPSConnection("localhost", self.port, context=self.trust, timeout=30)
        connection.request("GET", "/sandbox/messages/counts")
        counts: dict[str, int] = json.loads(connection.getresponse().read())
        connection.close()
        return counts


@contextmanager
def running(directory: Path, core: int | None) -> Iterator[Platform]:
    certificate, key = directory / "platform.pem", directory / "platform.key"
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(str(directory / "authority.pem"))
    issued.private_key_pem.write_to_path(str(key))
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    platform = Platform(servers.free_port(), str(directory / "authority.pem"))
    tls = ["--certificate", str(certificate), "--key", str(key)]
    command = [sys.executable, "-m", "sandbox", "--port", str(platform.port), *tls]
    with servers.on_core(core):
        child = Child(servers.quietly([*command, "--latency", str(LATENCY)]))
    try:
        _wait(platform, child)
        yield platform
    finally:
        child.stop()


def _wait(platform: Platform, child: Child) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not child.ended():
        try:
            platform.texts()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise LoadError("the sandbox did not start; its words stand above")


def headroom(platform: Platform, count: int) -> float:
    """Texts a second that it takes from as plain a client as there is, whose requests are made
    beforehand."""
    client = TrustingCloopen(authority=platform.authority, base_url=platform.url, **ACCOUNT)
    signature = client.sign()
    path = f"/2013-12-26/Accounts/{ACCOUNT['account_sid']}/SMS/TemplateSMS?sig={signature.sig}"
    headers = {"Accept": "application/json", "Authorization": signature.authorization}
    bodies = (
        {
            "to": f"139{n:08d}",
            "appId": ACCOUNT["app_id"],
            "templateId": TEMPLATE,
            "datas": ["1"] * 3,
        }
        for n in range(count)
    )
    made = [request_bytes("POST", path, body, headers) for body in bodies]
    return count / asyncio.run(_drive(platform, made))


async def _drive(platform: Platform, made: Sequence[bytes]) -> float:
    trust, pending = platform.trust, iter(made)
    opened = [
        await asyncio.open_connection("localhost", platform.port, ssl=trust)
        for _ in range(min(_CONNECTIONS, len(made)))
    ]
    started = time.perf_counter()
    await asyncio.gather(*(_keep_busy(*streams, pending) for streams in opened))
    seconds = time.perf_counter() - started
    for _, writer in opened:
        writer.close()
    return seconds


async def _keep_busy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pending: Iterator[bytes]
) -> None:
    for request in pending:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        answer = await reader.readexactly(int(length))
        if b"000000" not in answer:
            raise LoadError(f"the sandbox refuses: {answer[:200]!r}")


def environment(platform: Platform, directory: Path, database_url: str) -> dict[str, str]:
    """Of a process that sends notices through it, by the bench's own Valkey as its queue."""
    socket = os.environ["REDIS_URL"].removeprefix("unix://")
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.notice_settings",
        "DADASHOP_DATA_DIR": str(directory),
        "DADASHOP_BENCH_AUTHORITY": platform.authority,
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": f"redis+socket://{socket}?virtual_host=1",
        "SANDBOX_URL": platform.url,
    }
