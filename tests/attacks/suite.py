"""Attacks run one after the other, honest shoppers beside each, and judged by bounds.py."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.attacks import bodies, bombing, guessing, numbers, proxy, replays
from tests.attacks.arena import Arena, Seen
from tests.attacks.bounds import BOUNDS, Bound
from tests.attacks.shoppers import Served, everybody

Attack = Callable[[Arena], Seen]

ATTACKS: dict[str, Attack] = {
    "bomb a phone": bombing.one_phone,
    "bomb from an address": bombing.one_address,
    "bomb, solving captchas": bombing.one_address_solving,
    "bomb segments": bombing.segments,
    "guess a code": guessing.one_phone,
    "guess 1,000 phones": guessing.many_phones,
    "guess, ask, guess": guessing.resets,
    "replay captchas": replays.captchas,
    "race": replays.races,
    "forge receipts": bodies.receipts,
    "malformed bodies": bodies.malformed,
    "lock a shopper out": guessing.lockout,
    "slow heads": bodies.slow_heads,
    "slow bodies": bodies.slow_bodies,
    "slow bodies everywhere": bodies.slow_bodies_everywhere,
    "slow bodies at nginx": bodies.slow_bodies_at_proxy,
}
# Which bring shoppers of their own.
_ALONE = {name for name in ATTACKS if name.startswith("slow")}
_WITH_NGINX = {"slow bodies at nginx"}


def missing(name: str) -> str:
    """What this machine lacks for an attack; "" if nothing."""
    return "there is no nginx" if name in _WITH_NGINX and not proxy.NGINX else ""


@dataclass(frozen=True)
class Result:
    name: str
    seen: Seen
    honest: Served
    seconds: float

    @property
    def values(self) -> dict[str, float]:
        beside = {"hurt": len(self.honest.refusals), "errors": self.seen.errors}
        return {**beside, **self.seen.values}

    def bounds(self) -> tuple[Bound, ...]:
        return BOUNDS[self.name]

    def passed(self) -> list[Bound]:
        """The bounds that do not hold."""
        return [bound for bound in self.bounds() if not bound.holds(self.values)]


def run(arena: Arena, names: Sequence[str]) -> Iterator[Result]:
    homes, phones = numbers.homes(), numbers.shoppers()
    for name in names:
        started = time.monotonic()
        if name in _ALONE:
            seen = ATTACKS[name](arena)
            honest = seen.served or Served()
        else:
            crowd = everybody(arena.world, homes, phones)
            crowd.start()
            try:
                seen = ATTACKS[name](arena)
            finally:
                honest = crowd.stop()
        yield Result(name, seen, honest, time.monotonic() - started)
