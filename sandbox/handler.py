"""HTTP/1.1 with keep-alive: reads a request, finds who answers it, plays the fault due, writes."""

import contextlib
import socketserver
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

from sandbox import control, head, sockets
from sandbox.faults import Fault
from sandbox.head import ReadError
from sandbox.wire import Answer, Platform, Request, problem
from sandbox.world import World

MAX_BODY = 256 * 1024  # bytes; the longest allowed request, 200 numbers, is under 10 kB
IDLE = 75.0  # seconds a kept-alive connection may stay silent

# Given twice, nobody could tell which one counts.
_SINGLE = frozenset({"content-length", "authorization", "accept", "content-type", "host"})

_GATEWAY_PAGE = (
    "<html><head><title>502 Bad Gateway</title></head>"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


class Serving(socketserver.BaseServer):
    """A server that carries the world its handlers act in."""

    world: World


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE
    server: Serving
    raw_requestline: bytes
    latency = 0.0  # seconds that an answer is held back: the platforms', not the sandbox's own

    def parse_request(self) -> bool:
        """Reads the head; False after a refusal. In the place of http.server's own."""
        self.command, self.requestline, self.close_connection = "", "", True
        self.latency = 0.0
        try:
            self.command, self.path, old = head.request_line(self.raw_requestline)
            self.headers = head.headers(self.rfile)
        except ReadError as error:
            self._write(problem(error.status, error.detail))
            return False
        self.close_connection = old or self.headers.get("Connection", "").lower() == "close"
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _serve(self) -> None:
        try:
            request = self._read()
        except ReadError as error:
            self.close_connection = True
            self._write(problem(error.status, error.detail))
            return
        world = self.server.world
        platform = next((item for item in world.platforms if item.claims(request)), None)
        if platform is None:
            self._write(control.answer(world, request))
            return
        self.latency = world.latency
        waiting = world.faults.waiting()  # mostly none: nothing is read twice for their sake
        fault = world.faults.take(platform.name, platform.call(request)) if waiting else None
        if fault is None:
            self._write(platform.answer(request))
        else:
            self.FAULTS[fault.kind](self, fault, platform, request)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - http.server's names
    do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815

    def _read(self) -> Request:
        names = [name.lower() for name in self.headers]
        if "transfer-encoding" in names:
            raise ReadError(411, "Content-Length is required")
        for name in _SINGLE:
            if names.count(name) > 1:
                raise ReadError(400, f"{name}: more than once")
        length = self._length()
        body = self.rfile.read(length)
        if len(body) < length:
            raise ReadError(400, "the body is shorter than its Content-Length")
        path, _, query = self.path.partition("?")
        return Request(self.command, path, query, self.headers, body)

    def _length(self) -> int:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            raise ReadError(400, "Content-Length: a whole number is expected")
        if len(length) > 9 or int(length) > MAX_BODY:
            raise ReadError(413, f"the body is longer than {MAX_BODY} bytes")
        return int(length)

    def _write(self, answer: Answer, most: int | None = None) -> None:
        """Head and body in one packet; `most` cuts the body short of its Content-Length."""
        if self.latency:
            time.sleep(self.latency)
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            f"Date: {self.date_time_string()}",
            f"Content-Type: {answer.media}",
            f"Content-Length: {len(answer.body)}",
            *(f"{name}: {value}" for name, value in answer.headers),
            *(["Connection: close"] if self.close_connection else []),
        ]
        body = b"" if self.command == "HEAD" or answer.status == 304 else answer.body[:most]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself refuses (a malformed request line, an unknown method)."""
        self.close_connection = True
        self._write(problem(int(code), message or explain or HTTPStatus(code).phrase))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Says nothing: the only line the sandbox prints is where it listens."""

    def _fault_error(self, fault: Fault, platform: Platform, request: Request) -> None:
        self._write(platform.failure(request, fault.code, fault.message))

    def _fault_http_500(self, _fault: Fault, _platform: Platform, _request: Request) -> None:
        self._write(Answer(500, "text/plain;charset=utf-8", b"Internal Server Error"))

    def _fault_html(self, _fault: Fault, _platform: Platform, _request: Request) -> None:
        self._write(Answer(200, "text/html;charset=utf-8", _GATEWAY_PAGE.encode()))

    def _fault_reset(self, _fault: Fault, _platform: Platform, _request: Request) -> None:
        self.close_connection = True
        sockets.reset(self.connection, self.rfile)

    def _fault_timeout_before(self, fault: Fault, _platform: Platform, _request: Request) -> None:
        self.close_connection = True
        sockets.hang(self.connection, fault.delay)

    def _fault_timeout_after(self, fault: Fault, platform: Platform, request: Request) -> None:
        platform.answer(request)
        self._fault_timeout_before(fault, platform, request)

    def _fault_slow(self, fault: Fault, platform: Platform, request: Request) -> None:
        answer = platform.answer(request)
        sockets.hang(self.connection, fault.delay)
        self.connection.settimeout(IDLE)
        with contextlib.suppress(OSError):
            self._write(answer)

    def _fault_torn(self, _fault: Fault, platform: Platform, request: Request) -> None:
        answer = platform.answer(request)
        self.close_connection = True
        self._write(answer, most=len(answer.body) // 2)

    def _fault_empty(self, _fault: Fault, platform: Platform, request: Request) -> None:
        self._write(Answer(200, platform.answer(request).media, b""))

    FAULTS: ClassVar[dict[str, Callable[["Handler", Fault, Platform, Request], None]]] = {
        "error": _fault_error,
        "http_500": _fault_http_500,
        "html": _fault_html,
        "reset": _fault_reset,
        "timeout_before": _fault_timeout_before,
        "timeout_after": _fault_timeout_after,
        "slow": _fault_slow,
        "torn": _fault_torn,
        "empty": _fault_empty,
    }
