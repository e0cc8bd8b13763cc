"""Status reports: pushed to where the project listens, or kept until they are pulled.

One background worker waits for the moment each report is due. With a URL set for its platform the
report is pushed there, one attempt, 2xx meaning it arrived; with none set, or a push that failed,
it is kept for the platform's own way of pulling (how a platform retries is not documented, and so
nothing is lost).
"""

import heapq
import http.client
import ipaddress
import itertools
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

KEPT = 10_000  # reports a mailbox holds before it forgets the oldest
PUSH_TIMEOUT = 5.0


class TargetError(ValueError):
    """The URL to push to cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report. `mailbox` names who may pull it, `fields` what a pull tells, `body` what a push
    carries, as `media`."""

    provider: str
    mailbox: str
    fields: dict[str, str]
    body: bytes
    media: str = "application/json;charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def check_target(url: str) -> str:
    """The URL if it is plain HTTP on this machine; raises TargetError. Nothing invented by a
    sandbox is sent to anyone else."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise TargetError(f"{url!r} is not a URL: {error}") from None
    if parts.scheme != "http" or "@" in parts.netloc or not url.isascii() or " " in url:
        raise TargetError(f"{url!r}: an http:// URL without a user is expected")
    if not _loopback(host):
        raise TargetError(f"{host!r} is not this machine: 127.0.0.0/8, localhost or ::1")
    return url


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def push(url: str, receipt: Receipt) -> bool:
    """Whether the listener answered 2xx. Straight over http.client: no proxy, no redirect."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, PUSH_TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        headers = {"Content-Type": receipt.media, **receipt.headers}
        connection.request("POST", path, receipt.body, headers)
        return connection.getresponse().status // 100 == 2
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Receipts:
    """The reports on their way. Safe to use from many threads."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._due: list[tuple[float, int, Receipt]] = []
        self._order = itertools.count()
        self._kept: dict[tuple[str, str], deque[Receipt]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._targets: dict[str, str] = {}
        self._counts = {"pushed": 0, "failed": 0}
        self._stopped = False
        self._worker = threading.Thread(target=self._work, name="receipts", daemon=True)

    def start(self) -> None:
        """Starts the worker."""
        self._worker.start()

    def stop(self) -> None:
        """Ends the worker; a push under way gets a second to finish."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._worker.join(timeout=1)

    def target(self, provider: str, url: str | None) -> None:
        """Where the platform pushes from now on; None: nowhere. Raises TargetError."""
        with self._wake:
            if url is None:
                self._targets.pop(provider, None)
            else:
                self._targets[provider] = check_target(url)

    def schedule(self, receipt: Receipt, delay: float) -> None:
        """Reports in `delay` seconds."""
        with self._wake:
            due = time.monotonic() + delay
            heapq.heappush(self._due, (due, next(self._order), receipt))
            self._wake.notify()

    def pull(self, provider: str, mailbox: str, count: int) -> list[dict[str, str]]:
        """At most `count` reports kept for the mailbox, oldest first; they are then gone."""
        with self._wake:
            kept = self._kept[provider, mailbox]
            return [kept.popleft().fields for _ in range(min(count, len(kept)))]

    def listing(self) -> dict[str, object]:
        """What GET /sandbox/receipts tells."""
        with self._wake:
            return {
                "targets": dict(self._targets),
                "waiting": len(self._due),
                "kept": sum(map(len, self._kept.values())),
                **self._counts,
            }

    def _work(self) -> None:
        while (receipt := self._next()) is not None:
            self._report(receipt)

    def _next(self) -> Receipt | None:
        with self._wake:
            while not self._stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._wake.wait(wait)
        return None

    def _report(self, receipt: Receipt) -> None:
        with self._wake:
            url = self._targets.get(receipt.provider)
        pushed = url is not None and push(url, receipt)
        with self._wake:
            if not pushed:
                self._kept[receipt.provider, receipt.mailbox].append(receipt)
            if url is not None:
                self._counts["pushed" if pushed else "failed"] += 1
