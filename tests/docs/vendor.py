"""A stand-in for a vendor's service: it answers what it is told, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Vendor(ThreadingHTTPServer):
    """`path`, `headers` and `body` are those of the latest request."""

    path: str
    headers: Message
    body: bytes

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._told: tuple[int, bytes] = 200, b""

    def answers(self, document: Any, status: int = 200) -> None:
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        self._told = status, raw


class _Handler(BaseHTTPRequestHandler):
    server: Vendor

    def do_POST(self) -> None:
        self.server.path, self.server.headers = self.path, self.headers
        self.server.body = self.rfile.read(int(self.headers["Content-Length"]))
        status, body = self.server._told
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Vendor]:
    with Vendor() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
