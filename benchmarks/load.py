"""The load generator: some keep-alive connections, each with one request under way.

Requests are made beforehand and answers are hardly parsed, so that what is measured is the server.
"""

import itertools
import json
import selectors
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CONNECTIONS = 12
_PATIENCE = 10  # seconds without any answer


class LoadError(Exception):
    """An answer that was not the expected one: what was measured means nothing."""


@dataclass(frozen=True)
class Run:
    """One measurement."""

    requests: int
    seconds: float
    cpu_seconds: float  # what the load generator itself used of its core
    latencies: list[float] = field(repr=False)  # seconds, sorted

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds that so many percent of the answers took at most."""
        return self.latencies[(len(self.latencies) - 1) * percent // 100] * 1000


def together(runs: Sequence[Run]) -> Run:
    """As if they had been one."""
    return Run(
        sum(run.requests for run in runs),
        sum(run.seconds for run in runs),
        sum(run.cpu_seconds for run in runs),
        sorted(latency for run in runs for latency in run.latencies),
    )


def request_bytes(
    method: str, path: str, body: object | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """An HTTP/1.1 request."""
    raw = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(raw)}"]
    return "\r\n".join([*lines, "", ""]).encode() + raw


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self.due = 0.0

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        self.socket.sendall(request)

    def receive(self, status: bytes) -> bool:
        """Whether the answer is complete by now. Raises LoadError unless it has this status."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise LoadError("the server closed a connection")
        self._received += chunk
        if not _complete(self._received):
            return False
        if self._received[9:12] != status:
            raise LoadError(f"expected {status.decode()}, got {self._received[:400]!r}")
        self._received = b""
        return True


def _complete(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
    # Without a length Granian sends chunks, of which an empty one is the last.
    return len(body) >= int(length) if length else body.endswith(b"0\r\n\r\n")


def drive(
    port: int | Sequence[int], requests: Sequence[bytes], status: int, rate: float | None = None
) -> Run:
    """Send them all, in turn as connections come free; every answer has to have this status.

    With a `rate` (requests a second) none is sent before its time, and a latency counts from that
    time on, so that a server which keeps others waiting is not spared. Raises LoadError.
    """
    with selectors.DefaultSelector() as selector:
        ports = itertools.cycle([port] if isinstance(port, int) else port)
        idle = [_Connection(next(ports)) for _ in range(min(CONNECTIONS, len(requests)))]
        for connection in idle:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        try:
            cpu, started = time.process_time(), time.perf_counter()
            latencies = list(_latencies(selector, idle, requests, str(status).encode(), rate))
            seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        finally:
            for key in selector.get_map().values():
                key.data.socket.close()
    return Run(len(requests), seconds, cpu, sorted(latencies))


def _latencies(
    selector: selectors.BaseSelector,
    idle: list[_Connection],
    requests: Sequence[bytes],
    status: bytes,
    rate: float | None,
) -> Iterator[float]:
    started, sent, answered = time.perf_counter(), 0, 0
    while answered < len(requests):
        now = time.perf_counter()
        due = started + sent / rate if rate else now
        while idle and sent < len(requests) and due <= now:
            idle.pop().send(requests[sent], due)
            sent += 1
            due = started + sent / rate if rate else now
        ahead = bool(idle) and sent < len(requests)  # of the time of the next one
        ready = selector.select(max(0.0, due - now) if ahead else _PATIENCE)
        if not ready and not ahead:
            raise LoadError(f"no answer for {_PATIENCE} seconds")
        for key, _ in ready:
            connection: _Connection = key.data
            if connection.receive(status):
                answered += 1
                idle.append(connection)
                yield time.perf_counter() - connection.due
