"""The shapes that pass between the HTTP server and a platform."""

import json
from dataclasses import dataclass, field
from email.message import Message as Headers
from typing import Protocol

JSON = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, whole, as it came: nothing is percent-decoded."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. The server adds Content-Length, Date and Connection."""

    status: int
    media: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """What a request asks of a platform, read without checking it, so that a fault can match.

    `api` is the platform's own name for it; `sends` says whether phones get a text from it, and
    `phones` which (E.164). `number_codes` are the refusals that the platform tells of one number
    among others: such an error is played by the platform, for that number alone.
    """

    api: str
    sends: bool = False
    phones: frozenset[str] = field(default_factory=frozenset)
    number_codes: frozenset[str] = field(default_factory=frozenset)


class Platform(Protocol):
    """One SMS platform. To add one: a module with such a class, and a line in `box.py`."""

    @property
    def name(self) -> str:
        """As in SMS_PROVIDERS: 'cloopen'."""

    @property
    def apis(self) -> frozenset[str]:
        """The values `Call.api` can take."""

    def claims(self, request: Request) -> bool:
        """Whether the request is addressed to this platform (by path, method or headers)."""

    def call(self, request: Request) -> Call:
        """What the request asks for; must not raise, however malformed it is."""

    def answer(self, request: Request) -> Answer:
        """Checks the request strictly and carries it out."""

    def failure(self, request: Request, code: str, message: str) -> Answer:
        """The platform's refusal with one of its own codes; '' as message: its usual words."""

    def accounts(self) -> list[dict[str, object]]:
        """The accounts it accepts, for GET /sandbox/accounts."""


def json_answer(value: object, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """`value` as UTF-8 JSON."""
    return Answer(status, JSON, json.dumps(value, ensure_ascii=False).encode(), headers)


def problem(status: int, detail: str, *headers: tuple[str, str]) -> Answer:
    """A refusal of the sandbox itself (a platform words its own): {"error": detail}."""
    return json_answer({"error": detail}, status, *headers)
