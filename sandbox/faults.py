"""Faults on demand: what goes wrong, how often, and for whom.

A fault is asked for with POST /sandbox/faults and waits in a queue; the first that matches a send
is played and counted. Two stages do not compete: one fault on the answer and one on the receipt
can hit the same message. An error whose code the platform tells of single numbers hits one number,
the others of the request go out.

| kind | taken? | what the client sees |
|---|---|---|
| error | no | the platform's refusal: `code`, and `message` or the usual words |
| http_500 | no | HTTP 500 |
| html | no | HTTP 200 with a gateway's HTML page |
| reset | no | the connection is reset |
| timeout_before | no | nothing for `delay` seconds, then the connection closes |
| timeout_after | yes | the same |
| slow | yes | the normal answer after `delay` seconds |
| torn | yes | the first half of the answer, then the connection closes |
| empty | yes | HTTP 200 with an empty body |
| no_receipt, late_receipt, duplicate_receipt | yes | no report, one after `delay` s, two |
| failed_receipt | yes | a report of failure with the carrier's `code`; the phone gets no text |
"""

import itertools
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from sandbox.phones import e164
from sandbox.wire import Call

NOT_TAKEN = frozenset({"error", "http_500", "html", "reset", "timeout_before"})
TAKEN = frozenset({"timeout_after", "slow", "torn", "empty"})
ON_ANSWER = NOT_TAKEN | TAKEN
ON_RECEIPT = frozenset({"no_receipt", "late_receipt", "duplicate_receipt", "failed_receipt"})
KINDS = ON_ANSWER | ON_RECEIPT

# Seconds; a kind that is not here takes no `delay`.
DEFAULT_DELAY = {"timeout_before": 30.0, "timeout_after": 30.0, "slow": 3.0, "late_receipt": 5.0}
DEFAULT_CODE = {"failed_receipt": "UNDELIV"}
MAX_DELAY = 600.0
MAX_SECONDS = 86_400.0
MAX_TIMES = 1_000_000


class FaultError(ValueError):
    """The description of a fault is wrong; the text says how."""


@dataclass(slots=True)
class Fault:
    """One fault that waits or plays. `times` are left, or it lasts until `until` (monotonic)."""

    provider: str
    kind: str
    times: int | None = 1
    until: float | None = None
    code: str = ""
    message: str = ""
    delay: float = 0.0
    phone: str | None = None
    api: str | None = None
    id: int = field(default_factory=itertools.count(1).__next__)

    def matches(self, provider: str, call: Call, kinds: Collection[str]) -> bool:
        """Whether it plays now; without `api` it is for sends only."""
        meant = call.sends if self.api is None else call.api == self.api
        here = self.phone is None or self.phone in call.phones
        return self.provider == provider and self.kind in kinds and meant and here

    def over(self) -> bool:
        """Whether its times or its seconds are used up."""
        return self.times == 0 or (self.until is not None and time.monotonic() >= self.until)

    def listing(self) -> dict[str, object]:
        """What GET /sandbox/faults tells of it: only what applies to it."""
        left = None if self.until is None else round(max(0.0, self.until - time.monotonic()), 3)
        told = {
            "id": self.id,
            "provider": self.provider,
            "kind": self.kind,
            "times": self.times,
            "seconds": left,
            "code": self.code or None,
            "message": self.message or None,
            "delay": self.delay if self.kind in DEFAULT_DELAY else None,
            "phone": self.phone,
            "api": self.api,
        }
        return {key: value for key, value in told.items() if value is not None}


class Faults:
    """The queue. Safe to use from many threads: one `times` is never played twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Queues it behind the others."""
        with self._lock:
            self._queue.append(fault)

    def take(self, provider: str, call: Call) -> Fault | None:
        """The fault that this request's answer suffers."""
        return self._take(provider, call, ON_ANSWER)

    def take_number(self, provider: str, call: Call) -> Fault | None:
        """The refusal of one number, of those in the call's `number_codes`."""
        return self._take(provider, call, {"error"}, of_number=True)

    def take_receipt(self, provider: str, phone: str) -> Fault | None:
        """The fault that the report on one number suffers."""
        return self._take(provider, Call("", sends=True, phones=frozenset({phone})), ON_RECEIPT)

    def _take(
        self, provider: str, call: Call, kinds: Collection[str], *, of_number: bool = False
    ) -> Fault | None:
        with self._lock:
            self._queue = [fault for fault in self._queue if not fault.over()]
            for fault in self._queue:
                told = fault.kind == "error" and fault.code in call.number_codes
                if told == of_number and fault.matches(provider, call, kinds):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def waiting(self) -> list[Fault]:
        """Those that can still play, in their order."""
        with self._lock:
            return [fault for fault in self._queue if not fault.over()]

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._queue.clear()


def read_fault(body: object, apis: dict[str, frozenset[str]]) -> Fault:
    """A fault from its JSON; `apis` are each provider's. Raises FaultError."""
    if not isinstance(body, dict):
        raise FaultError("a JSON object is expected")
    kind = _choice(body, "kind", KINDS)
    provider = _choice(body, "provider", apis)
    _no_strangers(body, kind)
    if "times" in body and "seconds" in body:
        raise FaultError("times or seconds, not both")
    seconds = _number(body, "seconds", None, MAX_SECONDS)
    return Fault(
        provider=provider,
        kind=kind,
        times=None if seconds is not None else _times(body),
        until=None if seconds is None else time.monotonic() + seconds,
        code=_text(body, "code", DEFAULT_CODE.get(kind, ""), required=kind == "error"),
        message=_text(body, "message", ""),
        delay=_number(body, "delay", DEFAULT_DELAY.get(kind), MAX_DELAY) or 0.0,
        phone=e164(_text(body, "phone", "", required=True)) if "phone" in body else None,
        api=_choice(body, "api", apis[provider]) if "api" in body else None,
    )


def _no_strangers(body: dict[str, object], kind: str) -> None:
    known = {"provider", "kind", "times", "seconds", "phone"}
    known |= {"code"} if kind in {"error", "failed_receipt"} else set()
    known |= {"message"} if kind == "error" else set()
    known |= {"delay"} if kind in DEFAULT_DELAY else set()
    known |= {"api"} if kind in ON_ANSWER else set()
    for name in sorted(set(body) - known):
        raise FaultError(f"{name}: not a field of the kind {kind}")


def _choice(body: dict[str, object], name: str, choices: Collection[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or value not in choices:
        raise FaultError(f"{name}: one of {', '.join(sorted(choices))} is expected")
    return value


def _text(body: dict[str, object], name: str, default: str, *, required: bool = False) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or len(value) > 200 or (required and not value):
        raise FaultError(f"{name}: a string of 1 to 200 characters is expected")
    return value


def _times(body: dict[str, object]) -> int:
    value = body.get("times", 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_TIMES:
        raise FaultError(f"times: a whole number from 1 to {MAX_TIMES} is expected")
    return value


def _number(body: dict[str, object], name: str, default: float | None, most: float) -> float | None:
    if name not in body:
        return default
    value = body[name]
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= most:
        raise FaultError(f"{name}: a number of seconds above 0, at most {most:g}, is expected")
    return float(value)
