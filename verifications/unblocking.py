"""What support staff may forgive: a phone or an address is let through again."""

import logging
from typing import NamedTuple

from . import codes, conf, entries, ledger, limits, listed, phones, standing, store
from .database import reachable
from .models import ListEntry

logger = logging.getLogger(__name__)

# What is counted for an address: by the guard and the quotas, and by tries to log in to the admin.
_COUNTED = ("ip", "admin")


class Freed(NamedTuple):
    """What was forgiven; `still` are the blocking entries that were left alone."""

    whom: str
    entries: int
    forgotten: str
    still: list[str]


def unblock(phone: str, *, keep_quotas: bool = False) -> Freed:
    """Take a phone off the block list and forget what it has used up.

    A segment that blocks it stays. Raises InvalidPhone, CountryNotAllowed or Unavailable.
    """
    e164 = phones.normalise(phone, conf.get().allowed_countries)
    texts, guesses = (0, 0) if keep_quotas else standing.pardon(ledger.of_phone(e164))
    forgotten = f"{texts} texts, {guesses} wrong guesses"
    gone = _take_off("phone", [e164])
    return _told(Freed(phones.mask(e164), gone, forgotten, _blocking(e164, None)))


def unblock_address(ip: str, *, keep_quotas: bool = False) -> Freed:
    """The same for an address (IPv6: its /64). A range that blocks it stays.

    Raises ValueError for what is no address, or Unavailable.
    """
    network = limits.network(ip)
    keys = [store.shared_key(kind, codes.pseudonym(network)) for kind in _COUNTED]
    forgotten = f"{0 if keep_quotas else store.forget(keys)} counters"
    gone = _take_off("address", [entries.canonical("address", ip), network])
    return _told(Freed(network, gone, forgotten, _blocking(None, ip)))


def _take_off(what: str, values: list[str]) -> int:
    with reachable():
        gone, _ = ListEntry.objects.filter(list="block", what=what, value__in=values).delete()
    return gone


def _blocking(e164: str | None, ip: str | None) -> list[str]:
    with reachable():
        return [listed.shown(entry) for entry in listed.about(e164, ip) if entry.list == "block"]


def _told(freed: Freed) -> Freed:
    logger.warning(
        "unblock %s: %d entries of the block list, %s", freed.whom, freed.entries, freed.forgotten
    )
    return freed
