"""The phones: what they received, as far back as memory is kept for it."""

import itertools
import re
import secrets
import threading
from collections import Counter, deque
from dataclasses import dataclass

CAPACITY = 50_000

_SEPARATORS = re.compile(r"[\s-]")
_MAINLAND = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")


@dataclass(frozen=True, slots=True)
class Text:
    """One text on one phone. `phone` is E.164, `at` ISO 8601 with its offset."""

    phone: str
    text: str
    provider: str
    template: str
    at: str

    def listing(self) -> dict[str, str]:
        """What GET /sandbox/messages tells of it."""
        return {
            "phone": self.phone,
            "text": self.text,
            "provider": self.provider,
            "template": self.template,
            "at": self.at,
        }


def e164(number: str) -> str:
    """`number` in E.164, a bare one taken as Chinese; unchanged if it is no number known here."""
    bare = _SEPARATORS.sub("", number)
    match = _MAINLAND.fullmatch(bare)
    return f"+86{match[1]}" if match else bare


def segments(text: str) -> int:
    """How many texts the carrier counts: one up to 70 characters, else one each 67."""
    return 1 if len(text) <= 70 else -(-len(text) // 67)


class Phones:
    """Every phone there is, in one bounded list. Safe to use from many threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._lock = threading.Lock()
        self._texts: deque[Text] = deque(maxlen=capacity)
        self._counts: Counter[str] = Counter()
        # Differs between two runs of the sandbox, or a page left open would trust a stale version.
        self._run = secrets.token_hex(4)
        self._version = 0

    def receive(self, text: Text) -> None:
        """One more text; the oldest is forgotten when there are too many."""
        with self._lock:
            self._texts.append(text)
            self._counts[text.phone] += 1
            self._version += 1

    def messages(self, phone: str | None = None, limit: int | None = None) -> list[Text]:
        """The texts, newest first; `phone` in any form `e164` reads."""
        wanted = None if phone is None else e164(phone)
        with self._lock:
            newest = (t for t in reversed(self._texts) if wanted is None or t.phone == wanted)
            return list(itertools.islice(newest, limit))

    def counts(self) -> dict[str, int]:
        """How many texts each phone ever received, those forgotten for lack of room too."""
        with self._lock:
            return dict(self._counts)

    def clear(self) -> None:
        """Forgets every text."""
        with self._lock:
            self._texts.clear()
            self._counts.clear()
            self._version += 1

    def version(self) -> str:
        """Changes whenever a text comes or goes: an ETag for the page that polls."""
        return f"{self._run}-{self._version}"
