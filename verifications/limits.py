"""The quotas as data: what a send is counted against, and how often each may be.

A phone's own limits are exact: its latest times of sending are kept. Those shared by many phones
(an address, everyone) are counted in twelfths of their window and err on the side of refusing.
"""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from . import conf

Window = tuple[int, int]  # at most so many, in so many milliseconds


class Plan(msgspec.Struct, frozen=True):
    """All rules of sending and checking, in milliseconds: what the Redis scripts go by."""

    ttl: int
    max_life: int
    least: int  # a text promises whole minutes: a code sent again has to have this much life left
    max_guesses: int
    failures: Window
    phone: list[tuple[str, int, int]]  # kind, most, window; the first is the resend interval
    shared: list[tuple[str, list[Window]]]  # kind, windows; one key each
    most: int  # how many times of sending to remember of a phone
    keep: int  # how long a phone's state is of use after a send


@lru_cache(maxsize=8)
def plan(settings: conf.Conf, *, with_ip: bool) -> bytes:
    """The Plan of these settings in msgpack; `with_ip` where the client's address is known."""
    phone = [(1, settings.resend_interval * 1000), *_milliseconds(settings.phone_limits)]
    kinds = ["cooldown"] + ["phone"] * (len(phone) - 1)
    shared = [("ip", settings.ip_limits)] if with_ip else []
    shared.append(("global", settings.global_limits))
    failures = settings.failure_limit[0], settings.failure_limit[1] * 1000
    max_life = max(settings.code_ttl, settings.code_max_life) * 1000
    return msgspec.msgpack.encode(
        Plan(
            ttl=settings.code_ttl * 1000,
            max_life=max_life,
            least=60_000,
            max_guesses=settings.max_guesses,
            failures=failures,
            phone=[(kind, *window) for kind, window in zip(kinds, phone, strict=True)],
            shared=[(kind, _milliseconds(limits)) for kind, limits in shared],
            most=max(most for most, _ in phone),
            keep=max(max_life, failures[1], *(window for _, window in phone)),
        )
    )


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
