"""A web server that notes what is pushed to it."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener:
    """`url` to push to; `next` waits for one push; answers with `status`.

    `pushes` holds what was pushed as JSON; `heard` everything, with its headers, as bytes.
    """

    def __init__(self) -> None:
        self.status = 200
        self.pushes: queue.Queue[tuple[str, str, Any]] = queue.Queue()
        self.heard: queue.Queue[tuple[Message, bytes]] = queue.Queue()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/receipts/cloopen/s?a=b"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(listener.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                listener.heard.put((self.headers, body))
                media = self.headers["Content-Type"]
                if "json" in media:
                    listener.pushes.put((self.path, media, json.loads(body)))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler

    def next(self, timeout: float = 5) -> dict[str, str]:
        """The next report."""
        report: dict[str, str] = self.pushes.get(timeout=timeout)[2]["Request"]
        return report

    def quiet(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes for that long."""
        try:
            self.pushes.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    thread = threading.Thread(target=listener.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.server.shutdown()
        listener.server.server_close()
        thread.join()
