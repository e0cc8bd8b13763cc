"""What every SMS platform has in common: one way through, and three kinds of failure.

A provider builds a request, posts it, parses the answer, and then returns or raises:

SendError
├── Rejected      this message will never pass (its number or its text); do not try it elsewhere
├── Unavailable   surely not taken, and another platform may take it
│   └── Unreachable   ... since the platform did not even answer
└── Uncertain     may have been taken: a read timeout, a torn answer
"""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import requests
from requests.adapters import HTTPAdapter

Kind = Literal[
    "success",
    "config",
    "request",
    "recipient",
    "content",
    "rate",
    "throughput",
    "balance",
    "transient",
    "duplicate",
    "unknown_outcome",
    "n/a",
]


@dataclass(frozen=True)
class Text:
    """One text to one or more phones. Not shown in a repr: it carries codes and numbers."""

    phones: Sequence[str] = field(repr=False)  # E.164
    template: str  # the platform's own id of it
    params: Mapping[str, str] = field(repr=False)  # in the order of the template's places
    request_id: str  # ours, unique: at most 32 letters and digits


@dataclass(frozen=True)
class Accepted:
    """The platform took the text; whether it arrived, a receipt tells later."""

    message_id: str  # the platform's own


@dataclass(frozen=True)
class Check:
    """One line of `manage.py doctor`."""

    name: str
    ok: bool
    detail: str


class SendError(Exception):
    """`code` and `reason` are the platform's own or ours; neither names a phone or a secret."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason


class Rejected(SendError):
    pass


class Unavailable(SendError):
    pass


class Unreachable(Unavailable):
    pass


class Uncertain(SendError):
    pass


# The class of an error code -> what to do about it. `content` is refused by this platform's own
# word list, and `rate` by its own counters, so another platform may well take the text.
_ERRORS: dict[str, type[SendError]] = {
    "recipient": Rejected,
    "duplicate": Uncertain,  # it says that the first of the two was taken
    "unknown_outcome": Uncertain,
}


def error_of(kind: Kind, code: str, reason: str) -> SendError:
    return _ERRORS.get(kind, Unavailable)(code, reason)


class Provider(ABC):
    """An SMS platform. One instance a process, shared by its threads."""

    name: str
    batch_limit: int = 1  # phones a request

    @abstractmethod
    def send(self, text: Text) -> Accepted:
        """Hand the text over. Raises SendError."""

    def check(self, templates: Sequence[str]) -> list[Check]:
        """Ask the platform about our account and these templates of it, for `manage.py doctor`."""
        return []


class HttpProvider(Provider):
    """A platform spoken to over HTTP: keep-alive, TLS checked; no retry, redirect or proxy."""

    def __init__(self, *, base_url: str, timeout: tuple[float, float] = (1.0, 2.5)) -> None:
        self.base_url = base_url.rstrip("/")
        self.timeout = timeout  # seconds to connect, seconds between two reads
        self._local = threading.local()  # requests does not call its Session thread-safe

    @property
    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False  # no proxy, no .netrc: texts go where the settings say
            for scheme in ("https://", "http://"):
                session.mount(scheme, HTTPAdapter(max_retries=0))
        return session

    def _request(
        self, method: str, path: str, *, headers: dict[str, str], body: bytes | None = None
    ) -> bytes:
        """The body of a 200. Raises Unreachable or Uncertain, never with the URL: it is signed."""
        try:
            response = self._session.request(
                method,
                self.base_url + path,
                data=body,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
            )
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise Unreachable(type(error).__name__) from None
        except requests.ConnectionError as error:
            kind = Unreachable if _never_connected(error) else Uncertain
            raise kind(type(error).__name__) from None
        except requests.RequestException as error:  # a read timeout, a torn answer
            raise Uncertain(type(error).__name__) from None
        # 502 and 504 come from a gateway that may have handed the request on before it gave up.
        if response.status_code in (502, 504):
            raise Uncertain(f"HTTP {response.status_code}")
        if response.status_code != 200:
            raise Unreachable(f"HTTP {response.status_code}")
        return response.content


def _never_connected(error: requests.ConnectionError) -> bool:
    """Refused, no route, no such host: nothing was sent. (urllib3 holds the cause.)"""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}


@cache
def load_error_kinds(path: Path) -> dict[str, Kind]:
    """{code: kind} of a data file `[{code, meaning, class}]`; a code may be `1-3,7` for several."""
    kinds: dict[str, Kind] = {}
    for row in json.loads(path.read_text()):
        for part in row["code"].split(","):
            first, _, last = part.partition("-")
            codes = [first]
            if last.isdigit():
                codes = [f"{n:0{len(first)}d}" for n in range(int(first), int(last) + 1)]
            kinds.update(dict.fromkeys(codes, row["class"]))
    return kinds
