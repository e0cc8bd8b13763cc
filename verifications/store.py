"""Redis: pending codes and quotas. One script an operation, one round trip a call.

All of a phone's state is one key. Its name holds a pseudonym of the phone, never the phone, one a
secret key in service. lua/parts/phone.lua describes what is in it; limits.Plan is what scripts go
by.

All our keys share one hash tag, so that a cluster keeps them on one master and a script may touch
them together: the count of everyone's texts is one key that each send changes, so one master would
see each send anyway.

Every function raises Unavailable when Redis does not answer: nothing was let through.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache

from . import conf, scripts
from .exceptions import (
    CaptchaInvalid,
    CaptchaRequired,
    CodeExpired,
    CodeIncorrect,
    Cooldown,
    RateLimited,
    TooManyAttempts,
    VerificationError,
)
from .records import Challenge, Ledger, Letter, Life, Notice, Reservation, whole_seconds

# How many milliseconds we run ahead of Redis' clock: 0, but for tests and replays.
ahead_ms = 0


NO_TAG = "-" * 12


@lru_cache(maxsize=4096)
def tag(pseudonym: bytes) -> str:
    """What stands for an address in a phone's state."""
    return urlsafe_b64encode(pseudonym).decode()


def phone_keys(pseudonyms: Sequence[bytes]) -> list[str]:
    """The names that a phone's state may stand under, the current one first."""
    start = f"{conf.get().key_prefix}:{{4}}+"
    return [start + urlsafe_b64encode(pseudonym).decode() for pseudonym in pseudonyms]


def shared_key(kind: str, pseudonym: bytes) -> str:
    return _shared_key(conf.get().key_prefix, kind, pseudonym)


@lru_cache(maxsize=4096)
def _shared_key(prefix: str, kind: str, pseudonym: bytes) -> str:
    return f"{prefix}:{{4}}{kind}:{urlsafe_b64encode(pseudonym).decode()}"


def outbox_keys() -> tuple[str, str]:
    """Of what waits in the outbox, and of the texts themselves."""
    queue = f"{conf.get().key_prefix}:{{4}}outbox"
    return queue, f"{queue}:texts"


def issue(
    ledger: Ledger,
    slot: str,
    *,
    marks: bytes,
    offer: Challenge,
    captcha: tuple[bytes, int] | None = None,
    letter: Letter | None = None,
) -> tuple[Reservation | VerificationError, list[Notice]]:
    """Reserve a send and write its pending code, all or nothing; and what the guard noticed.

    A live code stays in force, its life renewed, and `offer` is dropped; `marks` are those of the
    keys in service, since a code whose key is gone cannot be sent again. `captcha` is the id of a
    solved one, spent with the send it lets through, and for how many seconds that is remembered;
    `letter` goes into the outbox with it.

    Refused with Cooldown, RateLimited, TooManyAttempts, CaptchaRequired or CaptchaInvalid (it was
    spent before); then nothing has changed.
    """
    keys = [*ledger.names, *ledger.shared]
    if captcha:
        keys.append(shared_key("captcha", captcha[0]))
    if letter:
        keys += outbox_keys()
    refused, *rest = scripts.run(
        "issue",
        keys,
        ahead_ms,
        slot,
        marks,
        offer.seed,
        offer.digest,
        ledger.tag,
        captcha[1] * 1000 if captcha else 0,
        *(letter or ()),
        plan=ledger.plan,
    )
    noticed = [Notice(kind.decode(), *numbers) for kind, *numbers in rest.pop()]
    if refused:
        return refusal_of(refused.decode(), whole_seconds(rest[0])), noticed
    return Reservation(ledger, slot, *rest), noticed


def refusal_of(kind: str, retry_after: int) -> VerificationError:
    """What a kind of lua/parts/deciding.lua is to a shopper."""
    if kind == "cooldown":
        return Cooldown(retry_after=retry_after)
    if kind == "failures":
        return TooManyAttempts(retry_after=retry_after)
    if kind == "captcha_required":
        return CaptchaRequired()
    if kind == "captcha_invalid":
        return CaptchaInvalid()
    # A country is what its numbers start with, too.
    return RateLimited("prefix" if kind == "country" else kind, retry_after)


def cancel(taken: Reservation, *, suspect: bool) -> None:
    """No platform took the text: give back the cooldown, the quotas and the code that was there.
    The guard forgets it too, but for a `suspect` one: a number that platforms refuse."""
    scripts.run(
        "cancel",
        [*taken.ledger.names, *taken.ledger.shared],
        ahead_ms,
        taken.slot,
        taken.at_ms,
        taken.before,
        taken.after,
        int(suspect),
        plan=taken.ledger.plan,
    )


def give_back(ledger: Ledger, at_ms: int) -> None:
    """What cancel() does, for a suspect send of which only its time is known; its code stays in
    force."""
    keys = [*ledger.names, *ledger.shared]
    scripts.run("cancel", keys, ahead_ms, "", at_ms, b"", b"-", 1, plan=ledger.plan)


def check(ledger: Ledger, slot: str, digests: Sequence[bytes]) -> None:
    """Count a guess, compare it, and consume the code if it is right; `digests` one a secret key.

    Raises CodeIncorrect, CodeExpired or TooManyAttempts; and Unavailable for a right code that
    Redis might forget it has consumed.
    """
    own = [shared_key("ip", b"") + ledger.tag] if ledger.shared else []  # else nothing is guarded
    keys = [*ledger.names, *ledger.shared, *own]
    answer = scripts.run("check", keys, ahead_ms, slot, ledger.tag, *digests, plan=ledger.plan)
    if answer == b"ok":
        scripts.settle()
        return
    outcome, *rest = answer
    if outcome == b"incorrect":
        raise CodeIncorrect(rest[0])
    if outcome == b"expired":
        raise CodeExpired
    raise TooManyAttempts(retry_after=whole_seconds(rest[0]))


def look_up(ledger: Ledger, seed: bytes) -> Life:
    """The life of the code made from `seed`."""
    life_ms, resend_ms = scripts.run("look_up", ledger.names, ahead_ms, seed, plan=ledger.plan)
    return Life(-(-life_ms // 1000), -(-resend_ms // 1000))


def forget(keys: Sequence[str]) -> int:
    """Drop these keys; how many there were."""
    return int(scripts.command("DEL", *keys))


def spend_once(pseudonym: bytes, ttl: int) -> bool:
    """True the first time a thing is spent within `ttl` seconds, False ever after."""
    if not scripts.command("SET", shared_key("spent", pseudonym), b"", "NX", "EX", ttl):
        return False
    scripts.settle()
    return True


def ping() -> None:
    """Raises Unavailable unless Redis answers."""
    scripts.command("PING")


def replicas() -> int:
    """How many follow the master."""
    return len(scripts.command("ROLE")[2])


def clock() -> float:
    """Redis' own, which all limits go by: seconds since 1970."""
    seconds, micros = scripts.command("TIME")
    return float(int(seconds) + int(micros) / 1_000_000 + ahead_ms / 1000)


def read_field(key: str, field: str) -> bytes | None:
    """Of a hash."""
    found: bytes | None = scripts.command("HGET", key, field)
    return found
