"""Codes: derived from a random seed, never stored; and what else the secret keys vouch for.

`code = truncate(HMAC-SHA256(key, seed))`, the way of RFC 4226 (section 5.3). Redis keeps the seed
and a keyed digest of the code, so that neither a dump of Redis nor a message in a queue gives a
code away, and a resend can carry the same code. Digests, names and seals are keyed BLAKE2b (RFC
7693), which takes a quarter of an HMAC's time.

Every key comes from SECRET_KEY and SECRET_KEY_FALLBACKS: the first makes, each of them checks.
"""

import hashlib
import hmac
import secrets
import unicodedata
from base64 import b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.signals import setting_changed

from .records import Challenge

_PSEUDONYM_BYTES = 9
_SEED_BYTES = 10
_DIGEST_BYTES = 16
_MARK_BYTES = 2


class Key(NamedTuple):
    """A secret key, split by use. `mark` names it in a record without giving it away."""

    derive: bytes
    digest: bytes
    name: bytes
    seal: bytes
    veil: bytes
    mark: bytes


def _key(secret: str | bytes) -> Key:
    raw = secret.encode() if isinstance(secret, str) else secret

    def part(use: bytes) -> bytes:
        return hmac.digest(raw, b"verifications." + use, "sha256")

    return Key(
        derive=part(b"derive"),
        digest=part(b"digest"),
        name=part(b"name"),
        seal=part(b"seal"),
        veil=part(b"veil"),
        mark=part(b"mark")[:_MARK_BYTES],
    )


@lru_cache(maxsize=1)
def keys() -> list[Key]:
    """All keys in service, the one that makes new codes first."""
    return [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _forget(*, setting: str, **_: Any) -> None:
    if setting in {"SECRET_KEY", "SECRET_KEY_FALLBACKS"}:
        keys.cache_clear()
        pseudonym.cache_clear()


setting_changed.connect(_forget)


def marks() -> bytes:
    return b"".join(key.mark for key in keys())


def slot(purpose: str, context: str = "") -> str:
    """Which of a phone's codes: the purpose, with a hash of the context if there is one."""
    if not context:
        return purpose
    return f"{purpose}:{hashlib.sha256(context.encode()).hexdigest()[:12]}"


def new_challenge(phone: str, slot: str, length: int, fixed: str | None = None) -> Challenge:
    """What a fresh code of `length` digits is made from, for a phone (E.164) and a slot; with the
    digest of another code if it is `fixed`."""
    key = keys()[0]
    seed = secrets.token_bytes(_SEED_BYTES)
    return Challenge(key.mark, seed, _digest(key, phone, slot, fixed or _derive(key, seed, length)))


def new_seed() -> str:
    """What code_of() derives a code from, for a place that keeps it longer than Redis would."""
    return (keys()[0].mark + secrets.token_bytes(_SEED_BYTES)).hex()


def code_of(seed: str, length: int) -> str | None:
    """The code of Challenge.text or new_seed(); None once its secret key is out of service."""
    raw = bytes.fromhex(seed)
    key = next((key for key in keys() if key.mark == raw[:_MARK_BYTES]), None)
    return _derive(key, raw[_MARK_BYTES:], length) if key else None


def digests(phone: str, slot: str, code: str) -> list[bytes]:
    """What Redis would hold if `code` were right, one a key in service."""
    return [_digest(key, phone, slot, code) for key in keys()]


def typed(code: str) -> str:
    """A code as a shopper may write it: `823 607`, or in the wide digits of a Chinese keyboard."""
    return unicodedata.normalize("NFKC", code).replace(" ", "")


def _derive(key: Key, seed: bytes, length: int) -> str:
    mac = hmac.digest(key.derive, seed, "sha256")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**length:0{length}d}"


def _digest(key: Key, phone: str, slot: str, code: str) -> bytes:
    return _mac(key.digest, f"{phone}\0{slot}\0{code}".encode(), _DIGEST_BYTES)


def pseudonyms(phone: str) -> list[bytes]:
    """What stands for a phone in Redis' keys, one a secret key in service."""
    return [_mac(key.name, phone.encode(), _PSEUDONYM_BYTES) for key in keys()]


@lru_cache(maxsize=4096)
def pseudonym(value: str) -> bytes:
    """The same for what many share, such as an address: of the first key alone, and remembered."""
    return _mac(keys()[0].name, value.encode(), _PSEUDONYM_BYTES)


def veil(text: str, nonce: bytes) -> bytes:
    """`text` (64 bytes at most), to be read by unveil() alone. No nonce may come twice.

    One block of a stream cipher, whose keystream is a MAC of the nonce.
    """
    key, raw = keys()[0], text.encode()
    return key.mark + _xor(raw, _mac(key.veil, nonce, len(raw)))


def unveil(veiled: bytes, nonce: bytes) -> str | None:
    """The text of veil(); None once its secret key is out of service."""
    mark, raw = veiled[:_MARK_BYTES], veiled[_MARK_BYTES:]
    key = next((key for key in keys() if key.mark == mark), None)
    return _xor(raw, _mac(key.veil, nonce, len(raw))).decode() if key else None


def _xor(one: bytes, other: bytes) -> bytes:
    """Of two that are equally long."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")


def seal(body: bytes, use: str, size: int) -> str:
    """`body`, readable by all, with a proof of `size` bytes that we gave it out for this `use`."""
    return urlsafe_b64encode(body + _mac(keys()[0].seal, _sealed(body, use), size)).decode()


def unseal(text: str, use: str, size: int) -> bytes | None:
    """The body of seal(), or None for what we never gave out for this use."""
    try:
        raw = b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = raw[:-size], raw[-size:]
    macs = (_mac(key.seal, _sealed(body, use), size) for key in keys())
    return body if any(hmac.compare_digest(mac, ours) for ours in macs) else None


def _sealed(body: bytes, use: str) -> bytes:
    return use.encode() + b"\0" + body


def _mac(key: bytes, value: bytes, size: int) -> bytes:
    return hashlib.blake2b(value, key=key, digest_size=size).digest()
