"""Who may have a text: the lists, the captcha, and texts that nobody verifies.

Whether a send is let through is decided in Redis, with all its limits, in one step (lua/issue.lua);
here is what goes into that decision and what its notices mean. docs/guard.md explains the rules.
"""

import logging
import time
from functools import cache
from typing import NamedTuple

from prometheus_client import Counter

from . import captcha, codes, conf, ledger, metrics, phones, records, rules, store
from .exceptions import CaptchaInvalid, PhoneBlocked, RateLimited, Unavailable, VerificationError

logger = logging.getLogger(__name__)

_BLOCKED_WAIT = 3600  # seconds that a blocked address is told to wait
_ALARM_EVERY = 600  # seconds
_LEVELS = {2: "uneasy", 3: "alarmed"}
_MOST_ANSWER = 4096  # characters
_MOST_TOLD = 10_000

_told: dict[str, float] = {}  # what was told -> until when by time.monotonic() it is no news


class Admission(NamedTuple):
    """What a send is decided by."""

    ledger: records.Ledger
    captcha: captcha.Solved | None
    # The phone is on the block list: it gets no text, and nobody is told.
    withheld: bool


def admit(phone: str, ip: str | None, answer: str) -> Admission:
    """A phone (E.164) and the address that asks for a text, with its answer to a captcha or "".

    Raises PhoneBlocked (its segment is blocked), RateLimited (the address is), CaptchaInvalid or
    Unavailable.
    """
    listed = rules.get()
    verdict = listed.of_phone(phone)
    withheld = verdict == "block" and listed.phone_listed_itself(phone)
    if verdict == "block" and not withheld:
        raise PhoneBlocked
    origin = listed.of_address(ip) if ip else None
    if origin == "block":
        raise RateLimited("ip", _BLOCKED_WAIT)
    solved = _check(answer, ip) if answer and conf.get().captcha != "never" else None
    spare = "allow" in (verdict, origin)
    return Admission(ledger.of_send(phone, ip, spare=spare), solved, withheld)


def _check(answer: str, ip: str | None) -> captcha.Solved:
    if len(answer) > _MOST_ANSWER:
        raise CaptchaInvalid
    return captcha.get().check(answer, ip)


def is_blocked(phone: str) -> bool:
    """Whether a phone (E.164) or its segment is on the block list. Raises Unavailable."""
    return rules.get().of_phone(phone) == "block"


def reserve(
    phone: str,
    ip: str | None,
    admission: Admission,
    slot: str,
    *,
    marks: bytes,
    offer: records.Challenge,
    letter: records.Letter | None = None,
) -> records.Reservation:
    """store.issue(), with what the guard noticed told to the operators.

    Raises Cooldown, RateLimited, TooManyAttempts, CaptchaRequired, CaptchaInvalid or Unavailable.
    """
    outcome, noticed = store.issue(
        admission.ledger,
        slot,
        marks=marks,
        offer=offer,
        captcha=admission.captcha,
        letter=letter,
    )
    for notice in noticed:
        _tell(notice, phone, ip)
    if isinstance(outcome, VerificationError):
        raise outcome
    return outcome


def _tell(notice: records.Notice, phone: str, ip: str | None) -> None:
    """Counted each time; logged once in a while, by one of all processes."""
    level = _LEVELS[notice.level]
    _counter(notice.kind, level).inc()
    name = _name(notice.kind, phone, ip)
    if _is_news(f"guard:{notice.level}:{notice.kind}:{name}"):
        say = logger.error if notice.level == 3 else logger.warning
        mode = conf.get().guard
        say(
            "guard (%s): %s %s is %s: of %d texts asked for %d were verified",
            mode,
            notice.kind,
            name,
            level,
            notice.asked,
            notice.verified,
            extra={"limit": notice.kind, "guard": level},
        )


@cache
def _counter(kind: str, level: str) -> Counter:
    return metrics.GUARD.labels(kind, level)


def _name(kind: str, phone: str, ip: str | None) -> str:
    if kind == "ip":
        return ip or ""
    return phones.segment(phone) + "****" if kind == "prefix" else phones.country(phone)


def _is_news(what: str) -> bool:
    """Whether no process has told it of late. Under attack all of this happens with every send, so
    Redis is asked once."""
    now = time.monotonic()
    if _told.get(what, 0.0) > now:
        return False
    if len(_told) >= _MOST_TOLD:
        _told.clear()
    try:
        news = store.spend_once(codes.pseudonym(what), _ALARM_EVERY)
    except Unavailable:
        return False
    _told[what] = now + _ALARM_EVERY
    return news
