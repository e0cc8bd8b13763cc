"""The limits as data: what a send is counted against, and how often each may be.

A phone's own limits are exact: its latest times of sending are kept. Those shared by many phones
(an address, a segment of numbers, everyone) are counted in twelfths of their window and err on the
side of refusing.
"""

import ipaddress
import itertools
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

import msgspec

from . import conf

Kind = Literal["ip", "prefix", "country", "global"]

NOWHERE = "::"  # the unspecified address
_ASK = {"never": 0, "adaptive": 1, "always": 2}


class Scope(msgspec.Struct, frozen=True):
    """What many phones share. One key in Redis, a ring a window."""

    kind: Kind
    # Most and window of each ring in turn. The guard's two first, if it watches: texts asked for
    # and texts verified, without a most (0).
    limits: list[int]
    heads: str  # how the heads of the rings are packed
    normal: int  # texts in the guard's window above which a captcha is asked for; 0: never
    floor: int  # texts that nobody verified: so many are nothing to worry about; 0: not guarded
    share: float  # nor are so many of the verified ones


class Plan(msgspec.Struct, frozen=True):
    """All rules of sending and checking, in milliseconds: what the Redis scripts go by.

    It stands in front of a script as Lua, where every number is a constant in capitals (`MAX_LIFE`)
    and `lists()` gives `phone`, `strangers` and `shared`.
    """

    ttl: int
    max_life: int
    least: int  # a text promises whole minutes: a code sent again has to have this much life left
    max_guesses: int
    failures: int
    failure_window: int
    resend: int
    phone: list[int]  # most and window in turn; the first are the resend interval's
    strangers: list[int]  # the same for an address that the phone is not known at
    shared: list[Scope]
    scopes: int  # how many these are
    watch: bool  # whether the guard's rings are there
    guard_window: int
    enforce: bool
    ask: int  # for a captcha: 0 never, 1 where the guard says so, 2 always
    most: int  # how many times of sending to remember of a phone
    keep: int  # how long a phone's state is of use after a send
    known: int  # ... and after a right code: how long it is known where that was


@lru_cache(maxsize=64)
def plan(settings: conf.Conf, kinds: tuple[Kind, ...] = (), *, spare: bool = False) -> bytes:
    """The Plan of these settings in Lua, with these scopes; `spare` for whom no captcha is asked
    of, since an operator allowed them."""
    resend = settings.resend_interval * 1000
    phone, strangers = (
        [1, resend, *itertools.chain(*_ms(windows))]
        for windows in (settings.phone_limits, settings.stranger_limits)
    )
    failures, failure_window = settings.failure_limit[0], settings.failure_limit[1] * 1000
    max_life = max(settings.code_ttl, settings.code_max_life) * 1000
    keep = max(max_life, failure_window, *phone[1::2], *strangers[1::2])
    return _lua_of(
        Plan(
            ttl=settings.code_ttl * 1000,
            max_life=max_life,
            least=60_000,
            max_guesses=settings.max_guesses,
            failures=failures,
            failure_window=failure_window,
            resend=resend,
            phone=phone,
            strangers=strangers,
            shared=[_scope(settings, kind) for kind in kinds],
            scopes=len(kinds),
            watch=_watches(settings),
            guard_window=settings.guard_window * 1000,
            enforce=settings.guard == "enforce",
            ask=0 if spare else _ASK[settings.captcha],
            most=max(phone[::2] + strangers[::2]),
            keep=keep,
            known=max(keep, settings.known_ttl * 1000),
        )
    )


def _lua_of(rules: Plan) -> bytes:
    values = msgspec.to_builtins(rules)
    lists = [_literal(value) for value in values.values() if isinstance(value, list)]
    rest = {name: _literal(value) for name, value in values.items() if not isinstance(value, list)}
    constants = f"local {', '.join(rest).upper()} = {', '.join(rest.values())}"
    return f"{constants}\nlocal function lists() return {', '.join(lists)} end\n".encode()


def _literal(value: Any) -> str:
    """Of Lua."""
    if isinstance(value, list):
        return f"{{{', '.join(map(_literal, value))}}}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {_literal(one)}' for name, one in value.items())}}}"
    # Numbers, booleans and plain words read in Lua as in JSON.
    return json.dumps(value)


def _watches(settings: conf.Conf) -> bool:
    return settings.guard != "off" or settings.captcha == "adaptive"


def _scope(settings: conf.Conf, kind: Kind) -> Scope:
    quotas = {
        "ip": settings.ip_limits,
        "prefix": settings.prefix_limits,
        "global": settings.global_limits,
    }
    guards = [(0, settings.guard_window * 1000)] * 2 if _watches(settings) else []
    limits = [*guards, *_ms(quotas.get(kind, ()))]
    floor, share = (0, 0.0)
    if settings.guard != "off" and kind != "global":
        floor, share = settings.guard_bounds.get(kind, (0, 0.0))
    normal = settings.captcha_above.get(kind, 0) if kind != "country" else 0
    return Scope(
        kind=kind,
        limits=[*itertools.chain(*limits)],
        heads=">" + "I6I4" * len(limits),
        normal=normal,
        floor=floor,
        share=share,
    )


@lru_cache(maxsize=4096)
def network(ip: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber is given."""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return ip
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def _ms(limits: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(most, seconds * 1000) for most, seconds in limits]


@lru_cache(maxsize=4096)
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
