"""What support staff ask of one phone: why it gets no text.

    found = inspection.inspect("13800138000", ip="203.0.113.7")

Nothing here holds a full phone number, a code, or what a code is made from.
"""

from datetime import datetime

import msgspec

from . import budgets, codes, conf, guard, ledger, listed, phones, reasons, rules, standing
from .database import reachable
from .exceptions import PhoneBlocked, RateLimited, VerificationError
from .models import ListEntry, Message

_LATEST = 10  # texts
_FEELS = ("", "", "uneasy", "alarmed")


class Refusal(msgspec.Struct):
    """What a text asked for now would be answered with."""

    code: str
    retry_after: int | None
    limit: str | None


class Limit(msgspec.Struct):
    """One limit, in seconds; `free_in` is 0 while one more fits."""

    kind: str
    most: int
    seconds: int
    used: int
    free_in: int


class Pool(msgspec.Struct):
    """Wrong guesses: at the code, and of FAILURE_LIMIT's window those left."""

    at_code: int
    left: int
    free_in: int


class Code(msgspec.Struct):
    """What there is of one purpose; `context` for a code that is tied to one thing more."""

    purpose: str
    context: bool
    state: str  # none, live, or burnt for those who asked for it
    expires_in: int
    of_askers: Pool
    of_strangers: Pool
    refused: Refusal | None


class Shared(msgspec.Struct):
    """What it shares with others: an `ip`, its `prefix`, its `country`, `global`."""

    kind: str
    asked: int
    verified: int
    feels: str  # the guard: uneasy, alarmed, or nothing
    limits: list[Limit]


class Listed(msgspec.Struct):
    """An entry of the lists that is about the phone or the address."""

    list: str
    what: str
    value: str
    note: str
    until: datetime | None


class Text(msgspec.Struct):
    """One message, and why it stands as it does."""

    at: datetime
    kind: str
    template: str
    status: str
    reason: str
    withheld: str


class Findings(msgspec.Struct):
    """All of it. `withheld`: a text would look sent, and none would go out."""

    phone: str  # masked
    ip: str | None
    withheld: str  # "", blocked or test_number
    stranger: bool
    limits: list[Limit]
    codes: list[Code]
    shared: list[Shared]
    lists: list[Listed]
    texts: list[Text]


def inspect(phone: str, ip: str | None = None) -> Findings:
    """How a phone stands with its limits, for an address that would ask. Changes nothing.

    Raises InvalidPhone, CountryNotAllowed or Unavailable.
    """
    settings = conf.get()
    e164 = phones.normalise(phone, settings.allowed_countries)
    standing_of, withheld, refused = _standing(e164, ip)
    with reachable():
        latest = Message.objects.filter(phone=e164).order_by("-created_at")[:_LATEST]
        texts, entries = [*map(_text, latest)], [*map(_listed, listed.about(e164, ip))]
    return Findings(
        phone=phones.mask(e164),
        ip=ip,
        withheld=withheld,
        stranger=standing_of.stranger,
        limits=[*map(_limit, standing_of.quotas)],
        codes=[_code(slot, refused) for slot in standing_of.slots],
        shared=[*map(_shared, standing_of.scopes)],
        lists=entries,
        texts=texts,
    )


def would_refuse(phone: str, purpose: str, ip: str | None = None) -> Refusal | None:
    """What services.send_code() would refuse now, but for what platforms and captchas say."""
    e164 = phones.normalise(phone, conf.get().allowed_countries)
    look, _, refused = _standing(e164, ip)
    slot = next(slot for slot in look.slots if slot.name == codes.slot(purpose))
    return refused or _refusal(standing.refusal(slot))


def _standing(e164: str, ip: str | None) -> tuple[standing.Look, str, Refusal | None]:
    """(limits, whether a text is withheld, what refuses it before any limit): send_code()'s way."""
    lists, refused = rules.get(), None
    fixed = conf.get().test_code(e164)
    withheld = "test_number" if fixed else ""
    try:
        admission = guard.admit(e164, ip, "")
        book, withheld = admission.ledger, withheld or ("blocked" if admission.withheld else "")
        if not fixed:
            budgets.check_open()
    except (PhoneBlocked, RateLimited) as refusal:
        refused = _refusal(refusal)
        allowed = ip is not None and lists.of_address(ip) == "allow"
        book = ledger.of_send(e164, ip, spare=allowed or lists.of_phone(e164) == "allow")
    return standing.look_in(book, conf.get().purposes), withheld, refused


def _refusal(refusal: VerificationError | None) -> Refusal | None:
    if refusal is None:
        return None
    return Refusal(refusal.code, refusal.retry_after, refusal.extras.get("limit"))


def _seconds(milliseconds: int) -> int:
    return -(-milliseconds // 1000)


def _limit(quota: standing.Quota) -> Limit:
    window, wait = quota.window_ms // 1000, _seconds(quota.wait_ms)
    return Limit(quota.kind, quota.most, window, quota.used, wait)


def _code(slot: standing.Slot, refused: Refusal | None) -> Code:
    purpose, context, _ = slot.name.partition(":")
    burnt = slot.of_askers.at_code >= conf.get().max_guesses
    return Code(
        purpose=purpose,
        context=bool(context),
        state="none" if not slot.life_ms else "burnt" if burnt else "live",
        expires_in=slot.life_ms // 1000,
        of_askers=_pool(slot.of_askers),
        of_strangers=_pool(slot.of_strangers),
        refused=refused or _refusal(standing.refusal(slot)),
    )


def _pool(guesses: standing.Guesses) -> Pool:
    left = max(0, conf.get().failure_limit[0] - guesses.used)
    return Pool(guesses.at_code, left, _seconds(guesses.wait_ms))


def _shared(scope: standing.Scope) -> Shared:
    quotas = [*map(_limit, scope.quotas)]
    return Shared(scope.kind, scope.asked, scope.verified, _FEELS[scope.level], quotas)


def _text(message: Message) -> Text:
    reason = reasons.of_message(message)
    parts = message.kind, message.template, message.status, reason, message.withheld
    return Text(message.created_at, *parts)


def _listed(entry: ListEntry) -> Listed:
    return Listed(entry.list, entry.what, listed.shown(entry), entry.note, entry.expires_at)
