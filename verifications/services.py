"""The use cases: what the HTTP views call, and every other view of the project.

    pending = send_code("13800138000", "login", ip=client_ip)
    phone = verify_code("13800138000", "login", "123456")

Every refusal is a verifications.exceptions.VerificationError. A phone may be written in any way
that phones.normalise() takes. `context` ties a code to one thing more than its phone and purpose,
such as the id of the user who changes phones: only the same context verifies it.
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from . import (
    accounts,
    budgets,
    codes,
    conf,
    guard,
    ledger,
    limits,
    metrics,
    outgoing,
    phones,
    store,
)
from .exceptions import (
    CodeExpired,
    DeliveryFailed,
    InvalidRequest,
    PhoneBlocked,
    RateLimited,
    Unavailable,
    UnknownPurpose,
)
from .models import Message
from .notices import Notice, notify, notify_each
from .pickups import Pickup, cancel_pickup_code, issue_pickup_code, redeem_pickup_code

__all__ = [
    "Notice",
    "PendingCode",
    "Pickup",
    "Proof",
    "SignedIn",
    "cancel_pickup_code",
    "exchange_code",
    "issue_pickup_code",
    "log_in",
    "look_up_code",
    "notify",
    "notify_each",
    "redeem_pickup_code",
    "redeem_proof",
    "register",
    "send_code",
    "verify_code",
]


@dataclass(frozen=True)
class PendingCode:
    """A code on its way. `status` is that of its text: `sent`, `queued` where workers send it, or
    `unknown` where the platform fell silent."""

    id: str
    phone: str = field(repr=False)  # E.164
    purpose: str
    status: str
    expires_in: int  # seconds
    resend_after: int  # seconds


@dataclass(frozen=True)
class SignedIn:
    """A shopper who gave a right code for `login` or `register`."""

    user: AbstractBaseUser
    phone: str = field(repr=False)  # E.164
    token: str = field(repr=False)  # a JWT
    created: bool


@dataclass(frozen=True)
class Proof:
    """That a phone was verified for a purpose; redeem_proof() takes it once."""

    proof: str = field(repr=False)
    expires_in: int  # seconds


@metrics.counted(metrics.SENDS)
def send_code(
    phone: str, purpose: str, *, ip: str | None = None, context: str = "", captcha: str = ""
) -> PendingCode:
    """Text a code. A live code is sent again with its life renewed, else there is a new one.

    `ip` is the shopper's address, `captcha` their answer to what CaptchaRequired asked for. All
    whose `ip` is no address (`unix:`, of a proxy) share the limits of one.

    Raises InvalidRequest (`ip` is no text), InvalidPhone, CountryNotAllowed, UnknownPurpose,
    PhoneBlocked (its segment), Cooldown, RateLimited, CaptchaRequired, CaptchaInvalid,
    TooManyAttempts (no guess is left this hour), DeliveryFailed or Unavailable. A refused send
    changes nothing.
    """
    phone, slot = _subject(phone, purpose, context)
    ip = _origin(ip)
    fixed = conf.get().test_code(phone)
    admission = guard.admit(phone, ip, captcha)
    if not fixed:
        budgets.check_open()
    text = outgoing.draft(phone, purpose, _withheld(fixed, admission))
    reservation = guard.reserve(
        phone,
        ip,
        admission,
        slot,
        marks=codes.marks(),
        offer=codes.new_challenge(phone, slot, conf.get().code_length, fixed),
        letter=outgoing.letter(text),
    )
    try:
        status = outgoing.send(text, reservation)
    except (DeliveryFailed, RateLimited, Unavailable) as refusal:
        suspect = isinstance(refusal, DeliveryFailed) and refusal.bad_number
        store.cancel(reservation, suspect=suspect)
        raise
    life, resend_after = reservation.expires_in, reservation.resend_after
    return PendingCode(str(text.id), phone, purpose, status, life, resend_after)


def _withheld(fixed: str | None, admission: guard.Admission) -> str:
    if fixed:
        return Message.Withheld.TEST_NUMBER
    return Message.Withheld.BLOCKED if admission.withheld else ""


@metrics.counted(metrics.CHECKS)
def verify_code(
    phone: str, purpose: str, code: str, *, ip: str | None = None, context: str = ""
) -> str:
    """The verified phone (E.164). A right code passes exactly once, a wrong one costs a guess.

    `ip` is the shopper's address, as send_code() was given it: guesses from an address that asked
    for the code are counted apart from those of strangers, who cannot use them up.

    Raises InvalidRequest (`code` is no text, so its leading zeros may be lost; that costs nothing),
    InvalidPhone, CountryNotAllowed, UnknownPurpose, CodeIncorrect, CodeExpired, TooManyAttempts,
    PhoneBlocked (the code was right) or Unavailable.
    """
    phone, slot = _subject(phone, purpose, context)
    ip, code = _origin(ip), _text("code", code)
    store.check(ledger.of_check(phone, ip), slot, codes.digests(phone, slot, codes.typed(code)))
    if guard.is_blocked(phone):
        raise PhoneBlocked
    return phone


def look_up_code(code_id: str) -> tuple[str, int, int] | None:
    """(status, seconds to live, seconds until a resend) of PendingCode.id; None for no id of ours.

    The status is that of the text, a Message.Status; 0 seconds to live is a code that was used,
    burnt or timed out. Raises Unavailable.
    """
    message = outgoing.find(Message.Kind.CODE, code_id)
    if message is None:
        return None
    life = store.look_up(ledger.of_phone(message.phone), bytes.fromhex(message.challenge)[2:])
    return message.status, life.expires_in, life.resend_after


def exchange_code(
    phone: str, purpose: str, code: str, *, ip: str | None = None
) -> SignedIn | Proof:
    """Trade a right code for what its purpose is there for: a token, or a proof.

    Raises what verify_code(), log_in() and register() raise.
    """
    if purpose == "login":
        return log_in(phone, code, ip=ip)
    if purpose == "register":
        return register(phone, code, ip=ip)
    verified = verify_code(phone, purpose, code, ip=ip)
    ends = int(time.time()) + conf.get().proof_ttl
    body = ends.to_bytes(4, "big") + secrets.token_bytes(10)
    return Proof(codes.seal(body, _proof_of(verified, purpose), 16), conf.get().proof_ttl)


def log_in(phone: str, code: str, *, ip: str | None = None) -> SignedIn:
    """Raises what verify_code() raises, NotRegistered or PhoneBlocked."""
    verified = verify_code(phone, "login", code, ip=ip)
    user, created = accounts.log_in(verified)
    return SignedIn(user, verified, accounts.issue_token(user), created)


def register(phone: str, code: str, *, ip: str | None = None, **fields: Any) -> SignedIn:
    """`fields` (username, password, email, ...) go to the setting CREATE_USER.

    Raises what verify_code() raises, AlreadyRegistered or InvalidRequest (username taken).
    """
    verified = verify_code(phone, "register", code, ip=ip)
    user = accounts.register(verified, **fields)
    return SignedIn(user, verified, accounts.issue_token(user), created=True)


def redeem_proof(phone: str, purpose: str, proof: str) -> str:
    """The phone (E.164) that a proof of exchange_code() was given for; each proof passes once.

    Raises CodeExpired for a proof that is forged, too old, used, or of another phone or purpose.
    """
    phone, _slot = _subject(phone, purpose, "")
    body = codes.unseal(_text("proof", proof), _proof_of(phone, purpose), 16)
    seconds_left = int.from_bytes(body[:4], "big") - time.time() if body else 0
    if body is None or seconds_left <= 0 or not store.spend_once(body[4:], int(seconds_left) + 1):
        raise CodeExpired
    return phone


def _subject(phone: str, purpose: str, context: str) -> tuple[str, str]:
    """(E.164, which of the phone's codes)."""
    settings = conf.get()
    if purpose not in settings.purposes:
        raise UnknownPurpose
    return phones.normalise(phone, settings.allowed_countries), codes.slot(purpose, context)


def _origin(ip: str | None) -> str | None:
    return None if ip is None else limits.address(_text("ip", ip))


def _text(name: str, value: Any) -> str:
    """Raises InvalidRequest for what no type hint has kept out."""
    if not isinstance(value, str):
        raise InvalidRequest([{"field": name, "message": _("应为文本。")}])
    return value


def _proof_of(phone: str, purpose: str) -> str:
    """What a proof is sealed for, so that it names neither and is bound to both."""
    return f"proof:{purpose}:{phone}"
