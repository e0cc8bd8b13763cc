"""Codes: derived from a random seed, never stored.

`code = truncate(HMAC-SHA256(key, seed))`, the way of RFC 4226 (section 5.3). Redis keeps the seed
and a keyed digest of the code, so that neither a dump of Redis nor a message in a queue gives a
code away, and a resend can carry the same code.

Every key comes from SECRET_KEY and SECRET_KEY_FALLBACKS: the first makes, each of them checks.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings

from .store import Challenge

_PSEUDONYM_BYTES = 9
_SEED_BYTES = 10
_DIGEST_BYTES = 16
_MARK_BYTES = 2


class Key(NamedTuple):
    """A secret key, split by use. `mark` names it in a record without giving it away."""

    derive: bytes
    digest: bytes
    name: bytes
    mark: bytes


@lru_cache(maxsize=8)
def _key(secret: str | bytes) -> Key:
    raw = secret.encode() if isinstance(secret, str) else secret

    def part(use: bytes) -> bytes:
        return hmac.digest(raw, b"verifications." + use, "sha256")

    return Key(part(b"derive"), part(b"digest"), part(b"name"), part(b"mark")[:_MARK_BYTES])


def keys() -> list[Key]:
    """All keys in service, the one that makes new codes first."""
    return [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def marks() -> bytes:
    return b"".join(key.mark for key in keys())


def slot(purpose: str, context: str = "") -> str:
    """Which of a phone's codes: the purpose, with a hash of the context if there is one."""
    if not context:
        return purpose
    return f"{purpose}:{hashlib.sha256(context.encode()).hexdigest()[:12]}"


def new_challenge(phone: str, slot: str, length: int) -> Challenge:
    """A fresh code of `length` digits for a phone (E.164) and a slot, as Redis may keep it."""
    key = keys()[0]
    seed = secrets.token_bytes(_SEED_BYTES)
    return Challenge(key.mark, seed, _digest(key, phone, slot, _derive(key, seed, length)))


def code_of(challenge: Challenge, length: int) -> str:
    """The code to text. Its key is in service: store.issue() keeps no other challenge in force."""
    key = next(key for key in keys() if key.mark == challenge.mark)
    return _derive(key, challenge.seed, length)


def digests(phone: str, slot: str, code: str) -> list[bytes]:
    """What Redis would hold if `code` were right, one a key in service."""
    return [_digest(key, phone, slot, code) for key in keys()]


def _derive(key: Key, seed: bytes, length: int) -> str:
    mac = hmac.digest(key.derive, seed, "sha256")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**length:0{length}d}"


def _digest(key: Key, phone: str, slot: str, code: str) -> bytes:
    message = f"{phone}\0{slot}\0{code}".encode()
    return hmac.digest(key.digest, message, "sha256")[:_DIGEST_BYTES]


def pseudonyms(value: str) -> list[bytes]:
    """What stands for a phone or an address in Redis' keys, one a secret key in service."""
    return [_mac(key, value.encode(), _PSEUDONYM_BYTES) for key in keys()]


# The public id of a code says where Redis keeps it (tag, pseudonym, seed) and carries a check, so
# that looking one up needs no second key and a made-up id is told from one that has run out.


def public_id(tag: int, pseudonym: bytes, seed: bytes) -> str:
    body = tag.to_bytes(2, "big") + pseudonym + seed
    return urlsafe_b64encode(body + _mac(keys()[0], body, 3)).decode()


def read_public_id(value: str) -> tuple[int, bytes, bytes] | None:
    """(tag, pseudonym, seed), or None for an id that we never gave out."""
    try:
        raw = urlsafe_b64decode(value.encode("ascii"))
    except ValueError:
        return None
    body, check = raw[:-3], raw[-3:]
    ours = any(hmac.compare_digest(check, _mac(key, body, 3)) for key in keys())
    if len(raw) != 24 or not ours:
        return None
    return int.from_bytes(body[:2], "big"), body[2:11], body[11:]


def _mac(key: Key, value: bytes, length: int) -> bytes:
    return hmac.digest(key.name, value, "sha256")[:length]
