"""deploy/nginx.conf, in a real nginx where there is one: what it keeps away from the server."""

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.deploy import proxy as proxy_of

SECRET = "the-secret-of-the-receipts"

pytestmark = pytest.mark.skipif(not proxy_of.NGINX, reason="there is no nginx")


class Server:
    """What stands behind the proxy: notes every request that reaches it, and answers, but for the
    first one if its query is `dies`."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.do_GET()

            def do_GET(self) -> None:
                seen.append((self.path, dict(self.headers.items())))
                if self.path.endswith("?dies") and len(seen) == 1:
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Proxy(proxy_of.Proxy):
    """Both places behind it are one server; what drips is left after a second."""

    def __init__(self, place: Path, server: Server) -> None:
        super().__init__(place, (server.port, server.port), {"_timeout 5s": "_timeout 1s"})
        self.server = server

    def post(self, path: str, body: bytes = b"{}") -> int:
        url = f"https://localhost:{self.port}{path}"
        return self.session.post(url, body, timeout=20).status_code


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    server = Server()
    try:
        proxy = Proxy(tmp_path_factory.mktemp("nginx"), server)
        with proxy.running():
            yield proxy
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def _nothing_seen(proxy: Proxy) -> None:
    proxy.server.seen.clear()


def test_the_server_is_told_who_asks_and_by_which_name(proxy: Proxy) -> None:
    assert proxy.post("/v1/verifications/codes") == 200
    ((path, headers),) = proxy.server.seen
    assert path == "/v1/verifications/codes"
    assert headers["Host"] == f"localhost:{proxy.port}"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-For"] in ("127.0.0.1", "::1")


def test_a_request_is_named_here_and_no_trace_begins_outside(proxy: Proxy) -> None:
    url = f"https://localhost:{proxy.port}/v1/verifications/codes"
    theirs = {"X-Request-ID": "chosen-by-a-client", "traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    proxy.session.post(url, b"{}", headers=theirs, timeout=20)
    ((_, headers),) = proxy.server.seen
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])
    assert "traceparent" not in headers


@pytest.mark.parametrize(
    "path", ["/metrics", "/readyz", "//metrics", "/x/../metrics", "/%6detrics"]
)
def test_what_is_for_operators_stays_inside(path: str, proxy: Proxy) -> None:
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert _say(proxy, asked.encode()).startswith(b"HTTP/1.1 404")
    assert proxy.server.seen == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v1/verifications/codes", 8 * 1024),
        ("/v1/notices", 64 * 1024),
        (f"/v1/receipts/aliyun/{SECRET}", 256 * 1024),
    ],
)
def test_a_body_has_so_many_bytes(path: str, most: int, proxy: Proxy) -> None:
    assert [proxy.post(path, b"x" * size) for size in (most, most + 1)] == [200, 413]
    assert len(proxy.server.seen) == 1


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/v1/verifications/codes", (200, 2)),
        ("/v1/verifications/verify", (200, 2)),
        ("/v1/pickup-codes", (200, 2)),
        ("/v1/users/sms/code", (200, 2)),
        ("/v1/tokens/sms", (200, 2)),
        (f"/v1/receipts/aliyun/{SECRET}", (200, 2)),
        ("/v1/notices", (502, 1)),  # they would go out twice
        ("/admin/", (502, 1)),
    ],
)
def test_what_is_asked_for_again_where_a_server_dies(
    path: str, answers: tuple[int, int], proxy: Proxy
) -> None:
    assert (proxy.post(f"{path}?dies"), len(proxy.server.seen)) == answers


def test_the_secret_of_receipts_is_in_no_log(proxy: Proxy) -> None:
    path = f"/v1/receipts/cloopen/{SECRET}"
    assert proxy.post(path) == 200
    assert proxy.post(path, b"x" * 300_000) == 413
    assert proxy.post("/v1/somewhere") == 200
    deadline = time.monotonic() + 20  # it logs after it has answered
    while "/v1/somewhere" not in proxy.log.read_text():
        assert time.monotonic() < deadline
    assert SECRET not in proxy.log.read_text() + proxy.errors.read_text()


@pytest.mark.parametrize(
    "words",
    [
        b"POST /v1/verifications/codes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
        b"POST /v1/verifications/codes HTTP/1.1\r\nHost: local",
    ],
    ids=["body", "headers"],
)
def test_a_client_that_says_no_more_never_reaches_the_server(words: bytes, proxy: Proxy) -> None:
    assert _say(proxy, words) == b""  # it hangs up
    assert proxy.server.seen == []


def _say(proxy: Proxy, words: bytes) -> bytes:
    """What the proxy answers until it hangs up."""
    context = ssl.create_default_context(cafile=str(proxy.session.verify))
    with (
        socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as asking,
    ):
        asking.sendall(words)
        heard = b""
        with contextlib.suppress(ConnectionResetError):
            while more := asking.recv(65536):
                heard += more
        return heard
