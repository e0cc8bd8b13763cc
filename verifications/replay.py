"""What the guard would have done with texts of the past: the same rules, in Redis, at their times.

    with replay.rehearsal(GUARD_WINDOW=1800):
        for text, fate in replay.run(texts):
            ...

It has keys of its own, removed at the end, and texts nobody. The settings and the clock that it
changes are those of the whole process, so it belongs into a process of its own.
"""

import heapq
import itertools
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.core.signals import setting_changed
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from . import codes, conf, guard, ledger, limits, phones, records, store
from .exceptions import (
    CaptchaRequired,
    CodeExpired,
    CodeIncorrect,
    PhoneBlocked,
    RateLimited,
    Unavailable,
    VerificationError,
)
from .traffic import SHOPPER, Text

# No answer to a captcha; the lists; a limit that many share, such as the guard's; the phone's own.
STOPS = ("unsolved", "listed", "limit", "own")

_TYPING = 20_000  # milliseconds from a text to its code being typed in
_BATCH = 1000  # keys


class Cause(NamedTuple):
    """Why a text was stopped or a captcha asked for: an "address", a "segment", a "country",
    "global", or that it is "busy"; and which one."""

    kind: str
    name: str


class Fate(NamedTuple):
    """`stopped` is "" for a text that went out, else one of STOPS."""

    stopped: str
    asked: bool  # for a captcha, solved or not
    causes: list[Cause]


@contextmanager
def rehearsal(**changes: Any) -> Iterator[None]:
    """GUARD enforced, and settings changed, under keys that nobody else has.

    Raises ImproperlyConfigured for settings that are wrong, and Unavailable.
    """
    live = getattr(settings, "VERIFICATIONS", {})
    prefix = f"{conf.get().key_prefix[:16]}.replay.{secrets.token_hex(4)}"
    _use({**live, **changes, "GUARD": "enforce", "KEY_PREFIX": prefix})
    try:
        redis = get_redis_connection(conf.get().redis_alias)
        try:
            yield
        finally:
            _remove(redis, prefix)
    except RedisError as error:
        raise Unavailable from error
    finally:
        store.ahead_ms = 0
        _use(live)


def _use(changed: dict[str, Any]) -> None:
    settings.VERIFICATIONS = changed
    setting_changed.send(sender=None, setting="VERIFICATIONS", value=changed, enter=True)


def _remove(redis: Any, prefix: str) -> None:
    keys = redis.scan_iter(match=f"{prefix}:*", count=_BATCH)
    while batch := list(itertools.islice(keys, _BATCH)):
        redis.unlink(*batch)


def run(texts: Iterable[Text], *, attackers_solve: bool = False) -> Iterator[tuple[Text, Fate]]:
    """Each text with what came of it, in the order of time. Within a rehearsal().

    One that went out and was verified is so a little later. Shoppers solve their captchas. Raises
    Unavailable.
    """
    clock, captchas = _Clock(), itertools.count()
    typed: list[tuple[int, int, Text, bytes]] = []  # a heap
    slot = codes.slot(conf.get().purposes[0])
    for number, text in enumerate(sorted(texts, key=attrgetter("at_ms"))):
        while typed and typed[0][0] <= text.at_ms:
            at_ms, _, earlier, digest = heapq.heappop(typed)
            clock.turn_to(at_ms)
            with suppress(CodeExpired, CodeIncorrect):  # verified twice, or a newer one was
                store.check(ledger.of_check(earlier.phone, earlier.address), slot, [digest])
        clock.turn_to(text.at_ms)
        solves = attackers_solve or text.part == SHOPPER
        fate, taken = _ask(text, slot, captchas if solves else None)
        if taken and text.verified:
            due = text.at_ms + _TYPING, number, text, taken.challenge.digest
            heapq.heappush(typed, due)
        yield text, fate


class _Clock:
    """Scripts go by Redis' clock and how far we are ahead of it; we are far behind."""

    def __init__(self) -> None:
        seconds, micros = get_redis_connection(conf.get().redis_alias).time()
        self._started_ms = seconds * 1000 + micros // 1000 - time.monotonic() * 1000

    def turn_to(self, at_ms: int) -> None:
        store.ahead_ms = at_ms - int(self._started_ms + time.monotonic() * 1000)


def _ask(
    text: Text, slot: str, captchas: Iterator[int] | None
) -> tuple[Fate, records.Reservation | None]:
    """`captchas` are the ids of solved ones, None for whoever does not solve any."""
    try:
        admission = guard.admit(text.phone, text.address, "")
    except (PhoneBlocked, RateLimited):
        admission = None
    if admission is None or admission.withheld:
        return Fate("listed", False, []), None
    issue = partial(
        store.issue,
        admission.ledger,
        slot,
        marks=codes.marks(),
        offer=codes.new_challenge(text.phone, slot, conf.get().code_length),
    )
    outcome, noticed = issue()
    asked = isinstance(outcome, CaptchaRequired)
    causes = _causes(text, outcome, noticed)
    if asked and captchas:
        outcome, _ = issue(captcha=(next(captchas).to_bytes(8, "big"), 1))
    taken = None if isinstance(outcome, VerificationError) else outcome
    return Fate(_stopped(outcome), asked, causes), taken


def _stopped(outcome: records.Reservation | VerificationError) -> str:
    if isinstance(outcome, CaptchaRequired):
        return "unsolved"
    if isinstance(outcome, RateLimited) and outcome.extras["limit"] != "phone":
        return "limit"
    return "own" if isinstance(outcome, VerificationError) else ""


def _causes(
    text: Text, outcome: records.Reservation | VerificationError, noticed: list[records.Notice]
) -> list[Cause]:
    """Of a captcha all that the guard found suspicious, or that an hour is busy (CAPTCHA_ABOVE);
    of a refusal the limit that it named."""
    if isinstance(outcome, CaptchaRequired):
        busy = ["busy"] if conf.get().captcha == "adaptive" else []
        return [_cause(kind, text) for kind in [notice.kind for notice in noticed] or busy]
    if not isinstance(outcome, RateLimited) or outcome.extras["limit"] == "phone":
        return []
    kind = outcome.extras["limit"]
    alarmed = {notice.kind for notice in noticed if notice.level == 3}
    if kind == "prefix" and "prefix" not in alarmed and "country" in alarmed:
        kind = "country"  # a shopper is told of both by one name
    return [_cause(kind, text)]


def _cause(kind: str, text: Text) -> Cause:
    if kind == "ip" and text.address:
        return Cause("address", limits.network(text.address))
    if kind == "prefix":
        return Cause("segment", phones.segment(text.phone).removeprefix("+86") + "****")
    return Cause(kind, phones.country(text.phone) if kind == "country" else "")
