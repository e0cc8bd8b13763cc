"""A platform that answers what it is told, whatever it is asked."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Answering(Protocol):
    def __call__(self, status: int, body: bytes, location: str = "") -> str:
        """The URL of a platform that answers that; `location` and the path asked for redirect."""


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body, location = self.server.told  # type: ignore[attr-defined]
        self.send_response(status)
        if location:
            self.send_header("Location", location + self.path)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def answering(tls: ssl.SSLContext | None = None) -> Iterator[Answering]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()

    def tell(status: int, body: bytes, location: str = "") -> str:
        server.told = status, body, location  # type: ignore[attr-defined]
        return f"{scheme}://127.0.0.1:{server.server_port}"

    scheme = "https" if tls else "http"
    yield tell
    server.shutdown()
    thread.join()
    server.server_close()
