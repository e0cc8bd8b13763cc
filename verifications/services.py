"""The use cases: what the HTTP views call, and every other view of the project.

    pending = send_code("13800138000", "login", ip=client_ip)
    phone = verify_code("13800138000", "login", "123456")

Every refusal is a verifications.exceptions.VerificationError. A phone may be written in any way
that phones.normalise() takes. `context` ties a code to one thing more than its phone and purpose,
such as the id of the user who changes phones: only the same context verifies it.
"""

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from . import accounts, codes, conf, delivery, limits, metrics, phones, store
from .exceptions import CodeExpired, DeliveryFailed, Unavailable, UnknownPurpose


@dataclass(frozen=True)
class PendingCode:
    """A code on its way. `status` is `sent`, or `unknown` where the platform fell silent."""

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
def send_code(phone: str, purpose: str, *, ip: str | None = None, context: str = "") -> PendingCode:
    """Text a code. A live code is sent again with its life renewed, else there is a new one.

    Raises InvalidPhone, CountryNotAllowed, UnknownPurpose, Cooldown, RateLimited, TooManyAttempts
    (no guess is left this hour), DeliveryFailed or Unavailable. A refused send changes nothing.
    """
    settings = conf.get()
    phone, slot = _subject(phone, purpose, context)
    pseudonyms = codes.pseudonyms(phone)
    code, offer = codes.new_code(phone, slot, settings.code_length)
    reservation = store.issue(
        store.phone_keys(phone, pseudonyms),
        _quota_keys(ip),
        plan=limits.plan(settings, with_ip=bool(ip)),
        slot=slot,
        marks=codes.marks(),
        offer=offer,
    )
    challenge = reservation.challenge
    if challenge != offer:  # a live code is sent again
        code = codes.code_of(challenge, settings.code_length)
    minutes = str(reservation.expires_in // 60)  # rounded down, so that the text is true
    try:
        sent = delivery.deliver_code(phone, purpose, {"code": code, "minutes": minutes})
    except (DeliveryFailed, Unavailable):
        store.cancel(reservation)
        raise
    if sent.status == "unknown":
        with suppress(Unavailable):  # the text may be on its way: a status is not worth an error
            store.note_unknown(reservation)
    return PendingCode(
        id=codes.public_id(store.tag_of(phone), pseudonyms[0], challenge.seed),
        phone=phone,
        purpose=purpose,
        status=sent.status,
        expires_in=reservation.expires_in,
        resend_after=reservation.resend_after,
    )


@metrics.counted(metrics.CHECKS)
def verify_code(phone: str, purpose: str, code: str, *, context: str = "") -> str:
    """The verified phone (E.164). A right code passes exactly once, a wrong one costs a guess.

    Raises InvalidPhone, CountryNotAllowed, UnknownPurpose, CodeIncorrect, CodeExpired,
    TooManyAttempts or Unavailable.
    """
    phone, slot = _subject(phone, purpose, context)
    store.check(
        store.phone_keys(phone, codes.pseudonyms(phone)),
        plan=limits.plan(conf.get(), with_ip=False),
        slot=slot,
        digests=codes.digests(phone, slot, codes.typed(code)),
    )
    return phone


def look_up_code(code_id: str) -> tuple[str, int, int] | None:
    """(status, seconds to live, seconds until a resend) of PendingCode.id; None for no id of ours.

    The status is that of the text, `sent` or `unknown`; 0 seconds to live is a code that was used,
    burnt or timed out.
    """
    found = codes.read_public_id(code_id)
    if found is None:
        return None
    tag, pseudonym, seed = found
    plan = limits.plan(conf.get(), with_ip=False)
    life = store.look_up(store.phone_key(tag, pseudonym), plan=plan, seed=seed)
    return "unknown" if life.unknown else "sent", life.expires_in, life.resend_after


def exchange_code(phone: str, purpose: str, code: str) -> SignedIn | Proof:
    """Trade a right code for what its purpose is there for: a token, or a proof.

    Raises what verify_code(), log_in() and register() raise.
    """
    if purpose == "login":
        return log_in(phone, code)
    if purpose == "register":
        return register(phone, code)
    verified = verify_code(phone, purpose, code)
    ends = int(time.time()) + conf.get().proof_ttl
    body = ends.to_bytes(4, "big") + secrets.token_bytes(10)
    return Proof(codes.seal(body, _proof_of(verified, purpose), 16), conf.get().proof_ttl)


def log_in(phone: str, code: str) -> SignedIn:
    """Raises what verify_code() raises, NotRegistered or PhoneBlocked."""
    verified = verify_code(phone, "login", code)
    user, created = accounts.log_in(verified)
    return SignedIn(user, verified, accounts.issue_token(user), created)


def register(phone: str, code: str, **fields: Any) -> SignedIn:
    """`fields` (username, password, email, ...) go to the setting CREATE_USER.

    Raises what verify_code() raises, AlreadyRegistered or InvalidRequest (username taken).
    """
    verified = verify_code(phone, "register", code)
    user = accounts.register(verified, **fields)
    return SignedIn(user, verified, accounts.issue_token(user), created=True)


def redeem_proof(phone: str, purpose: str, proof: str) -> str:
    """The phone (E.164) that a proof of exchange_code() was given for; each proof passes once.

    Raises CodeExpired for a proof that is forged, too old, used, or of another phone or purpose.
    """
    phone, _slot = _subject(phone, purpose, "")
    body = codes.unseal(proof, _proof_of(phone, purpose), 16)
    seconds_left = int.from_bytes(body[:4], "big") - time.time() if body else 0
    if body is None or seconds_left <= 0 or not store.spend_once(body[4:], int(seconds_left) + 1):
        raise CodeExpired
    return phone


def _quota_keys(ip: str | None) -> list[str]:
    """Of each shared quota, in the order of Plan.shared."""
    everyone = store.quota_key("global", b"")
    if not ip:
        return [everyone]
    return [store.quota_key("ip", codes.pseudonyms(limits.network(ip))[0]), everyone]


def _subject(phone: str, purpose: str, context: str) -> tuple[str, str]:
    """(E.164, which of the phone's codes)."""
    settings = conf.get()
    if purpose not in settings.purposes:
        raise UnknownPurpose
    return phones.normalise(phone, settings.allowed_countries), codes.slot(purpose, context)


def _proof_of(phone: str, purpose: str) -> str:
    """What a proof is sealed for, so that it names neither and is bound to both."""
    return f"proof:{purpose}:{phone}"
