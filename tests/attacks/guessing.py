"""Codes guessed: one phone's from everywhere, a thousand phones', code after code."""

import time

from tests.attacks import numbers
from tests.attacks.arena import Arena, Seen, was_compared
from tests.attacks.settings import RESEND_INTERVAL
from tests.attacks.wire import Ask, Wire, guess, send


def _wrong(code: str, n: int) -> str:
    """The n-th code that is not the right one, so that luck does not end an attack early."""
    return f"{(int(code) + 1 + n % 999_999) % 1_000_000:06d}"


def one_phone(arena: Arena) -> Seen:
    """From 10,000 addresses; one of them asked for a code too. Then the shopper types it in."""
    (phone,), seen = numbers.apart("151", 1), Seen()
    addresses, shopper = numbers.addresses(5, arena.many(10_000)), "203.0.113.5"
    wire = Wire(arena.world.port)
    seen.count([wire.ask(send(phone, shopper))])
    time.sleep(RESEND_INTERVAL + 0.1)
    seen.count([wire.ask(send(phone, addresses[0]))])
    code = arena.world.code(phone)
    asks = [guess(phone, _wrong(code, n), ip) for n, ip in enumerate(addresses)]
    asks += [guess(phone, _wrong(code, n), addresses[0]) for n in range(20)]
    seen.count(arena.swarm.fire(asks))
    seen.texts = arena.world.texts([phone])
    seen.values["guesses"] = seen.guesses
    seen.values["shoppers kept out"] = wire.ask(guess(phone, code, shopper)).status != 200
    wire.close()
    return seen


def many_phones(arena: Arena) -> Seen:
    """A thousand phones: an address asks for the code of each, and twelve others guess with it."""
    phones, seen = numbers.apart("152", arena.many(1000)), Seen()
    askers = numbers.addresses(6, len(phones))
    others = numbers.addresses(7, len(phones) * 6)
    pairs = list(zip(phones, askers, strict=True))
    seen.count(arena.swarm.fire([send(phone, ip) for phone, ip in pairs]))
    asks = [guess(phone, f"{n:06d}", ip) for n in range(6) for phone, ip in pairs]
    asks += [guess(phones[n % len(phones)], f"{n:06d}", ip) for n, ip in enumerate(others)]
    answers = arena.swarm.fire(asks)
    seen.count(answers)
    compared: dict[str, int] = {}
    for ask, answer in zip(asks, answers, strict=True):
        phone = (ask.body or {})["phone"]
        compared[phone] = compared.get(phone, 0) + was_compared(answer)
    seen.texts = arena.world.texts(phones)
    seen.values["guesses at a phone"] = max(compared.values())
    return seen


def resets(arena: Arena) -> Seen:
    """Code after code for an hour's worth: by one address for itself and strangers, and by another
    address each time."""
    (alone, joined), seen = numbers.apart("153", 2), Seen()
    compared, own, texted = {alone: 0, joined: 0}, "10.8.255.1", numbers.addresses(8, 6)
    for turn in range(6):
        started = time.monotonic()
        asks = [send(alone, own), send(joined, texted[turn])]
        asks += [guess(alone, f"{n:06d}", own) for n in range(12)]
        asks += [guess(phone, f"{n:06d}", "10.8.254.1") for n in range(12) for phone in compared]
        asks += [guess(joined, f"{n:06d}", ip) for ip in texted[: turn + 1] for n in range(6)]
        answers = arena.swarm.fire(asks[:2]) + arena.swarm.fire(asks[2:])
        seen.count(answers)
        for ask, answer in zip(asks, answers, strict=True):
            compared[_phone(ask)] += was_compared(answer)
        time.sleep(max(0.0, started + RESEND_INTERVAL + 0.1 - time.monotonic()))
    seen.texts = arena.world.texts([alone, joined])
    seen.values = {"by one asker": compared[alone], "by many askers": compared[joined]}
    return seen


def _phone(ask: Ask) -> str:
    return str((ask.body or {})["phone"])


def lockout(arena: Arena) -> Seen:
    """A stranger burns guesses and asks for codes: of a shopper who has a code, of one who logged
    in there before, and of a new one, who comes after an hour's five texts are gone."""
    (early, known, late), seen = numbers.apart("155", 3), Seen()
    shopper, strangers = "203.0.113.6", numbers.addresses(9, 6)
    wire = Wire(arena.world.port)
    seen.count([wire.ask(send(early, shopper)), wire.ask(send(known, shopper))])
    wire.ask(guess(known, arena.world.code(known), shopper))
    for turn in range(6):
        started = time.monotonic()
        if turn:
            seen.count([wire.ask(send(early, strangers[turn]))])
        seen.count([wire.ask(send(phone, strangers[turn])) for phone in (late, known)])
        phones = (early, known, late)
        burnt = [guess(p, f"{n:06d}", ip) for p in phones for n, ip in _burn(strangers)]
        seen.count(arena.swarm.fire(burnt))
        time.sleep(max(0.0, started + RESEND_INTERVAL + 0.1 - time.monotonic()))
    seen.values["kept out with a code"] = (
        wire.ask(guess(early, arena.world.code(early), shopper)).status != 200
    )
    asked = wire.ask(send(known, shopper)).status == 202
    seen.values["kept out at home"] = (
        not asked or wire.ask(guess(known, arena.world.code(known), shopper)).status != 200
    )
    # The texts that the stranger asked for are on this phone, but no guess is left for them.
    refused = wire.ask(guess(late, arena.world.code(late), shopper)).status != 200
    waits = wire.ask(send(late, shopper)).body.get("retry_after", 0)
    seen.values["lockout, seconds"] = waits if refused else 0
    seen.texts = arena.world.texts([early, known, late])
    wire.close()
    return seen


def _burn(strangers: list[str]) -> list[tuple[int, str]]:
    return [(n, ip) for ip in strangers for n in range(6)]
