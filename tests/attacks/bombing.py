"""Texts that nobody wants: to one phone from everywhere, to everyone from one address."""

import itertools
import time
from collections import Counter
from datetime import datetime

from tests.attacks import numbers
from tests.attacks.arena import Arena, Seen
from tests.attacks.settings import RESEND_INTERVAL
from tests.attacks.shoppers import Crowd
from tests.attacks.wire import CAPTCHA, Ask, Wire, send
from tests.verifications.captchas import solve


def one_phone(arena: Arena) -> Seen:
    """From 10,000 addresses, over six resend intervals."""
    (phone,) = numbers.apart("130", 1)
    seen, waves = Seen(), 6
    addresses = iter(numbers.addresses(1, arena.many(10_000)))
    for _ in range(waves):
        started = time.monotonic()
        share = itertools.islice(addresses, arena.many(10_000) // waves)
        seen.count(arena.swarm.fire([send(phone, ip) for ip in share]))
        time.sleep(max(0.0, started + RESEND_INTERVAL + 0.1 - time.monotonic()))
    times = sorted(datetime.fromisoformat(text["at"]) for text in arena.world.listed(phone))
    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    # The text leaves some milliseconds after it was let through.
    hasty = sum(gap < RESEND_INTERVAL - 0.5 for gap in gaps)
    seen.texts = len(times)
    seen.values = {"texts": seen.texts, "texts too soon": hasty}
    return seen


def one_address(arena: Arena) -> Seen:
    """10,000 phones; no captcha is solved. Then shoppers at that address ask, too."""
    phones, (ip,) = numbers.apart("131", arena.many(10_000)), numbers.addresses(2, 1)
    seen = Seen()
    seen.count(arena.swarm.fire([send(phone, ip) for phone in phones]))
    seen.texts = arena.world.texts(phones)
    neighbours = Crowd(arena.world, [(itertools.repeat(ip), iter(numbers.apart("132", 50)))])
    neighbours.start()
    seen.values = {"texts": seen.texts, "neighbours hurt": len(neighbours.stop().refusals)}
    return seen


def one_address_solving(arena: Arena) -> Seen:
    """As above, by a robot that works off its captchas."""
    phones, (ip,) = numbers.apart("133", 80), numbers.addresses(3, 1)
    wire, seen = Wire(arena.world.port), Seen()
    for phone in phones:
        answer = wire.ask(send(phone, ip))
        seen.count([answer])
        if answer.code == "captcha_required":
            solved = solve(wire.ask(Ask(CAPTCHA, None, ip)).body)
            seen.count([wire.ask(send(phone, ip, captcha=solved))])
        elif answer.code == "rate_limited":
            break
    wire.close()
    seen.texts = arena.world.texts(phones)
    seen.values = {"texts": seen.texts}
    return seen


def segments(arena: Arena) -> Seen:
    """Number after number of twenty segments, each from another address; and shoppers there."""
    many = arena.many(4000)
    phones = numbers.sequential("150", 20, many // 20)
    seen = Seen()
    addresses = numbers.addresses(4, len(phones))
    asks = [send(phone, ip) for phone, ip in zip(phones, addresses, strict=True)]
    seen.count(arena.swarm.fire(asks))
    counts = arena.world.counts()
    texted = Counter(phone[:7] for phone in phones for _ in range(counts.get(f"+86{phone}", 0)))
    seen.texts = arena.world.texts(phones)
    own = (f"150{n % 20:04d}9{n:03d}" for n in range(1000))
    neighbours = Crowd(arena.world, [(numbers.homes(), own)])
    neighbours.start()
    seen.values = {
        "texts in a segment": max(texted.values()),
        "neighbours hurt": len(neighbours.stop().refusals),
    }
    return seen
