"""HTTP as attackers and shoppers speak it: requests to a port of this machine, by the thousand."""

import http.client
import json
import multiprocessing
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

HOST = "127.0.0.1"
CODES, VERIFY = "/v1/verifications/codes", "/v1/verifications/verify"
CAPTCHA = "/v1/verifications/captcha"
PATIENCE = 10.0  # seconds
_PROCESSES = 2


class Ask(NamedTuple):
    """A POST of JSON, or a GET without a body; `ip` as a proxy of ours would write it."""

    path: str
    body: dict[str, Any] | None
    ip: str
    headers: tuple[tuple[str, str], ...] = ()


class Answer(NamedTuple):
    """`status` is 0 where none came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: dict[str, Any]
    seconds: float

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


class Wire:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)

    def ask(self, ask: Ask) -> Answer:
        """On a new connection where the server has closed this one."""
        reused = self._connection.sock is not None
        answer = self._ask(ask)
        return answer if answer.status or not reused else self._ask(ask)

    def _ask(self, ask: Ask) -> Answer:
        raw = None if ask.body is None else json.dumps(ask.body).encode()
        own = {"X-Forwarded-For": ask.ip, "Content-Type": "application/json"}
        started = time.perf_counter()
        try:
            self._connection.request(
                "POST" if raw else "GET", ask.path, raw, {**own, **dict(ask.headers)}
            )
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Answer(0, (), {}, time.perf_counter() - started)
        seconds = time.perf_counter() - started
        return Answer(response.status, tuple(response.getheaders()), _object(body), seconds)

    def close(self) -> None:
        self._connection.close()


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def post(path: str, ip: str, **body: Any) -> Ask:
    return Ask(path, body, ip)


def send(phone: str, ip: str, purpose: str = "login", **more: str) -> Ask:
    return post(CODES, ip, phone=phone, purpose=purpose, **more)


def guess(phone: str, code: str, ip: str, purpose: str = "login") -> Ask:
    return post(VERIFY, ip, phone=phone, purpose=purpose, code=code)


def volley(port: int, asks: Sequence[Ask], connections: int) -> list[Answer]:
    """All of them over so many connections, in this process; the answers in their order."""
    own = threading.local()
    opened: list[Wire] = []

    def ask(one: Ask) -> Answer:
        if not hasattr(own, "wire"):
            own.wire = Wire(port)
            opened.append(own.wire)
        found: Answer = own.wire.ask(one)
        return found

    with ThreadPoolExecutor(connections) as threads:
        answers = list(threads.map(ask, asks))
    for wire in opened:
        wire.close()
    return answers


class Swarm:
    """Attackers, in processes of their own."""

    def __init__(self, port: int, processes: ProcessPoolExecutor) -> None:
        self._port = port
        self._processes = processes

    def fire(self, asks: Sequence[Ask], connections: int = 16) -> list[Answer]:
        """The answers in the order of `asks`; each process has a share of the connections."""
        shares = [asks[n::_PROCESSES] for n in range(_PROCESSES)]
        one = partial(volley, self._port, connections=max(1, connections // _PROCESSES))
        answers: list[Answer] = [Answer(0, (), {}, 0.0)] * len(asks)
        for n, found in enumerate(self._processes.map(one, shares)):
            answers[n::_PROCESSES] = found
        return answers


@contextmanager
def swarm(port: int) -> Iterator[Swarm]:
    clean = multiprocessing.get_context("spawn")  # a fork of threads is asking for trouble
    with ProcessPoolExecutor(_PROCESSES, mp_context=clean) as processes:
        yield Swarm(port, processes)
