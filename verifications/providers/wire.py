"""A platform's answer, read with care: whoever answers in its place may send for ever.

    session = wire.session()

An answer has so many bytes, from its first line on, and as long as the read timeout in all: a peer
that sends a byte now and then holds no thread beyond it. Redirects are not even looked at, bodies
are not unpacked, cookies are not kept, and neither proxies nor .netrc are asked for.

What a URL asks for, phones, codes and signatures among it, is told to nobody else: urllib3 would
log it, and whatever watches http.client (Sentry does) takes note of it.
"""

import http.client
import io
import socket
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

MOST = 1024 * 1024  # bytes, with the headers; five hundred reports are some 200 kB


class _Bounded(io.RawIOBase):
    """What comes out of a socket, up to MOST bytes and within the socket's timeout from now."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._timeout = sock.gettimeout()
        self._deadline = time.monotonic() + (self._timeout or 0)
        self._left = MOST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        if self._left <= 0:
            raise OSError("the answer is too long")
        if self._timeout is not None:
            remaining = self._deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("the answer takes too long")
            self._sock.settimeout(remaining)
        try:
            count = self._raw.readinto(buffer)
        finally:
            self._sock.settimeout(self._timeout)  # the connection lives on
        self._left -= count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Bounded(sock))

    def begin(self) -> None:
        super().begin()
        # Of what is no header, urllib3 would log a warning, with whatever the platform wrote.
        self.msg.defects.clear()
        self.msg.set_payload("")


class _Quiet(http.client.HTTPConnection):
    """All on the way to the socket see the path alone; `query` joins it there."""

    response_class = _Answer
    query = ""

    def _encode_request(self, request: str) -> bytes:
        method, path, version = request.split(" ")
        return f"{method} {path}{self.query} {version}".encode("ascii")


class _Connection(_Quiet, HTTPConnection):
    pass


class _SecureConnection(_Quiet, HTTPSConnection):
    pass


class _QuietPool(HTTPConnectionPool):
    def _make_request(self, conn: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        path, mark, query = url.partition("?")
        conn.query = mark + query
        return super()._make_request(conn, method, path, *args, **kwargs)


class _Pool(_QuietPool):
    ConnectionCls = _Connection


class _SecurePool(_QuietPool, HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: else requests reads and unpacks the body of each redirect, followed or not."""


def session() -> requests.Session:
    """For one thread, as requests does not call its Session thread-safe; no retry."""
    made = _Session()
    made.trust_env = False
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.headers["Accept-Encoding"] = "identity"
    for scheme in ("https://", "http://"):
        made.mount(scheme, _Adapter(max_retries=0))
    return made
