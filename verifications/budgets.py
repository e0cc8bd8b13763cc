"""Money: what texts may cost an hour and a day, everyone's together and each platform's.

Operators set budgets (models.Budget). What is spent stands in Redis, one hash a calendar day of
TIME_ZONE, so that all processes spend from one purse and none of them passes its end. Where no
budget is set nothing is counted and Redis is not asked.

Amounts are whole ten-thousandths of a yuan. A budget that cannot be asked is not spent from: every
function here that asks raises Unavailable then.
"""

import itertools
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from . import conf, metrics, providers, routing, rules, scripts, store
from .exceptions import RateLimited, Unavailable

logger = logging.getLogger(__name__)

EVERYONE = ""  # the scope of the budget for all platforms together; the others are named like them
_UNIT = Decimal("0.0001")  # of a yuan
_USUAL_PRICE = "0.05"  # of a platform that PRICES does not name
_KEEP = 3 * 86_400  # seconds that a day's spending is kept
_TRUST = 1.0  # seconds that a look at the spending is believed without another

# The latest look: (the day's key, fields) -> (until when by time.monotonic(), amounts)
_seen: dict[tuple[str, tuple[str, ...]], tuple[float, list[int]]] = {}


class Window(NamedTuple):
    """The running hour or day of one budget."""

    scope: str
    name: Literal["hour", "day"]
    field: str  # in the day's hash
    limit: int | None
    ends_in: int  # seconds, rounded up


class Spending(NamedTuple):
    """What is spent of a budget in its running hour or day, in yuan."""

    scope: str
    window: Literal["hour", "day"]
    spent: Decimal
    limit: Decimal
    full: bool  # not one text more fits


@dataclass(frozen=True)
class Purchase:
    """So many texts were paid for; and what it takes to give money back."""

    texts: int
    retry_after: int = 0  # seconds until the full budgets begin anew, where not all were paid for
    price: int = 0  # of one text
    key: str = ""
    fields: tuple[str, ...] = ()


NOTHING = Purchase(0)


def any_set() -> bool:
    return bool(rules.get().budgets)


def take(provider: str, texts: int, *, segments: int = 1, whole: bool = False) -> Purchase:
    """Pay for `texts` texts of `segments` parts each, or for as many as all budgets have room for;
    with `whole`, for all or none."""
    limits, price = rules.get().budgets, _price(provider, segments)
    if not limits or not price:
        return Purchase(texts)
    key, windows = _today(limits, (EVERYONE, provider))
    asked = [(one.field, -1 if one.limit is None else one.limit) for one in windows]
    paid, *news = scripts.run(
        "spend", [key], _KEEP, price, texts, texts if whole else 1, *itertools.chain(*asked)
    )
    full, told = news[: len(windows)], news[len(windows) :]
    for window, what in zip(windows, told, strict=True):
        _tell(window, what)
    wait = max((one.ends_in for one, over in zip(windows, full, strict=True) if over), default=1)
    fields = tuple(one.field for one in windows)
    return Purchase(paid, wait if paid < texts else 0, price, key, fields)


def give_back(purchase: Purchase, texts: int) -> None:
    """So many of these texts were surely not taken."""
    if purchase.fields and texts:
        scripts.run("unspend", [purchase.key], texts * purchase.price, *purchase.fields)


def wait(names: Iterable[str], *, segments: int = 1) -> int:
    """Seconds until the budgets may let one of these platforms carry one more such text; 0 if they
    do now. What it goes by is up to a second old, so take() has the last word."""
    limits = rules.get().budgets
    if not limits:
        return 0
    key, windows = _today(limits, limits)
    amounts = _amounts(key, tuple(one.field for one in windows))

    def of(provider: str) -> int:
        price = _price(provider, segments)
        binding = (
            window.ends_in
            for window, amount in zip(windows, amounts, strict=True)
            if window.scope in (EVERYONE, provider) and window.limit is not None
            if price and amount + price > window.limit
        )
        return max(binding, default=0)

    return min(map(of, names), default=0)


def payable(route: Sequence[providers.Provider], *, segments: int = 1) -> list[providers.Provider]:
    """Those that may be paid one more such text, by what wait() goes by; all where none may or
    nobody knows."""
    try:
        found = [one for one in route if not wait([one.name], segments=segments)]
    except Unavailable:
        found = []
    return found or [*route]


def check_open() -> None:
    """Raises RateLimited while there is no money for a text, whatever platform would carry it."""
    if seconds := wait(routing.platforms(conf.get())):
        raise RateLimited("global", seconds)


def spent() -> list[Spending]:
    """What is spent of each limit."""
    limits = rules.get().budgets
    if not limits:
        return []
    key, windows = _today(limits, limits)
    amounts = scripts.run("spent", [key], *(one.field for one in windows))
    return [
        Spending(
            window.scope,
            window.name,
            amount * _UNIT,
            window.limit * _UNIT,
            amount + _least_price(window.scope) > window.limit,
        )
        for window, amount in zip(windows, amounts, strict=True)
        if window.limit is not None
    ]


def _least_price(scope: str) -> int:
    names = [scope] if scope else routing.platforms(conf.get())
    return min((_price(name, 1) for name in names), default=0)


def _price(provider: str, segments: int) -> int:
    return _units(Decimal(conf.get().prices.get(provider, _USUAL_PRICE))) * segments


def _units(yuan: Decimal) -> int:
    return int(yuan / _UNIT)


def _today(limits: rules.Budgets, scopes: Iterable[str]) -> tuple[str, list[Window]]:
    """The key of today's spending, and the running hour and day of each scope."""
    zone = ZoneInfo(conf.get().time_zone)
    now = timezone.now().astimezone(zone)
    midnight = datetime.combine(now.date() + timedelta(days=1), time_of_day(), zone)
    left_of_day = -((now.astimezone(UTC) - midnight.astimezone(UTC)) // timedelta(seconds=1))
    left_of_hour = 3600 - 60 * now.minute - now.second
    windows = []
    for scope in scopes:
        hourly, daily = (
            None if yuan is None else _units(yuan) for yuan in limits.get(scope, (None, None))
        )
        # With its offset, as an hour comes twice where clocks are put back.
        windows.append(Window(scope, "hour", f"{scope}:{now:%H%z}", hourly, left_of_hour))
        windows.append(Window(scope, "day", f"{scope}:day", daily, left_of_day))
    return store.shared_key("money", now.date().isoformat().encode()), windows


def _amounts(key: str, fields: tuple[str, ...]) -> list[int]:
    until, amounts = _seen.get((key, fields), (0.0, []))
    if until <= time.monotonic():
        until, amounts = time.monotonic() + _TRUST, scripts.run("spent", [key], *fields)
        _seen.clear()
        _seen[key, fields] = until, amounts
    return amounts


def _tell(window: Window, what: int) -> None:
    """What spend.lua lets one process alone say of a budget: 80, 100, 180 (both) or nothing."""
    whose, yuan = window.scope or "everyone", (window.limit or 0) * _UNIT
    told = {"scope": whose, "window": window.name, "limit": float(yuan)}
    if what in (80, 180):
        words = "budget of %s: 80 %% of this %s's %.2f yuan are spent"
        logger.warning(words, whose, window.name, yuan, extra=told)
        metrics.BUDGETS.labels(whose, window.name, "warning").inc()
    if what in (100, 180):
        words = "budget of %s: all of this %s's %.2f yuan are spent"
        logger.error(words, whose, window.name, yuan, extra=told)
        metrics.BUDGETS.labels(whose, window.name, "full").inc()
