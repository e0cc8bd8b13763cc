"""The limits as data: what a send is counted against, and how often each may be.

A phone's own limits are exact: its latest times of sending are kept. Those shared by many phones
(an address, a segment of numbers, everyone) are counted in twelfths of their window and err on the
side of refusing.
"""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from . import conf

Window = tuple[int, int]  # at most so many, in so many milliseconds
Kind = Literal["ip", "prefix", "country", "global"]

NOWHERE = "::"  # the unspecified address
_ASK = {"never": 0, "adaptive": 1, "always": 2}


class Scope(msgspec.Struct, frozen=True, array_like=True):
    """What many phones share. One key in Redis, a ring a window."""

    kind: Kind
    # The guard's two first, if it watches: texts asked for and texts verified, without a most (0).
    windows: list[Window]
    normal: int  # texts in the guard's window above which a captcha is asked for; 0: never
    floor: int  # texts that nobody verified: so many are nothing to worry about; 0: not guarded
    share: float  # nor are so many of the verified ones


class Plan(msgspec.Struct, frozen=True):
    """All rules of sending and checking, in milliseconds: what the Redis scripts go by."""

    ttl: int
    max_life: int
    least: int  # a text promises whole minutes: a code sent again has to have this much life left
    max_guesses: int
    failures: Window
    phone: list[tuple[str, int, int]]  # kind, most, window; the first is the resend interval
    strangers: list[tuple[str, int, int]]  # the same for an address that the phone is not known at
    known: int  # how long it is known where a code was verified
    shared: list[Scope]
    watch: bool  # whether the guard's rings are there
    enforce: bool
    ask: int  # for a captcha: 0 never, 1 where the guard says so, 2 always
    most: int  # how many times of sending to remember of a phone
    keep: int  # how long a phone's state is of use after a send


@lru_cache(maxsize=64)
def plan(settings: conf.Conf, kinds: tuple[Kind, ...] = (), *, spare: bool = False) -> bytes:
    """The Plan of these settings in msgpack, with these scopes; `spare` for whom no captcha is
    asked of, since an operator allowed them."""
    cooldown = ("cooldown", 1, settings.resend_interval * 1000)
    phone, strangers = (
        [cooldown, *(("phone", *window) for window in _milliseconds(windows))]
        for windows in (settings.phone_limits, settings.stranger_limits)
    )
    failures = settings.failure_limit[0], settings.failure_limit[1] * 1000
    max_life = max(settings.code_ttl, settings.code_max_life) * 1000
    return msgspec.msgpack.encode(
        Plan(
            ttl=settings.code_ttl * 1000,
            max_life=max_life,
            least=60_000,
            max_guesses=settings.max_guesses,
            failures=failures,
            phone=phone,
            strangers=strangers,
            known=settings.known_ttl * 1000,
            shared=[_scope(settings, kind) for kind in kinds],
            watch=_watches(settings),
            enforce=settings.guard == "enforce",
            ask=0 if spare else _ASK[settings.captcha],
            most=max(most for _, most, _ in phone + strangers),
            keep=max(max_life, failures[1], *(window for *_, window in phone + strangers)),
        )
    )


def _watches(settings: conf.Conf) -> bool:
    return settings.guard != "off" or settings.captcha == "adaptive"


def _scope(settings: conf.Conf, kind: Kind) -> Scope:
    quotas = {
        "ip": settings.ip_limits,
        "prefix": settings.prefix_limits,
        "global": settings.global_limits,
    }
    guards = [(0, settings.guard_window * 1000)] * 2 if _watches(settings) else []
    floor, share = (0, 0.0)
    if settings.guard != "off" and kind != "global":
        floor, share = settings.guard_bounds.get(kind, (0, 0.0))
    normal = settings.captcha_above.get(kind, 0) if kind != "country" else 0
    return Scope(kind, [*guards, *_milliseconds(quotas.get(kind, ()))], normal, floor, share)


def network(ip: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber is given."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return ip
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def _milliseconds(limits: Iterable[tuple[int, int]]) -> list[Window]:
    return [(most, seconds * 1000) for most, seconds in limits]


def address(text: str) -> str:
    """An address that came with or without a port, `[::1]:80` too; NOWHERE for `unix:` and for
    whatever else is none."""
    bare = text.strip()
    bare = bare[1:].partition("]")[0] if bare.startswith("[") else bare
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return NOWHERE
