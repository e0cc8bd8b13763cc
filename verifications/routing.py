"""Which platforms may carry a text, in which order."""

import random
from collections.abc import Iterable, Sequence

from . import breakers, conf, phones, providers

_chance = random.SystemRandom()


def route(template: str, phone: str) -> list[providers.Provider]:
    """The platforms that have this template, the one to ask first in front.

    `ROUTES` may name an order for `template:country`, the template or the country; else it is
    PROVIDER_ORDER.
    """
    settings = conf.get()
    order = settings.provider_order
    if settings.routes:
        country = phones.country(phone)
        keys = (f"{template}:{country}", template, country)
        order = next((settings.routes[key] for key in keys if key in settings.routes), order)
    ids = text_of(template).ids
    built = (providers.build(name) for name in _drawn(order) if name in ids)
    return [provider for provider in built if provider]


def text_of(template: str) -> conf.Template:
    """The template's ids and places. KeyError for one that the settings do not have."""
    settings = conf.get()
    if template not in settings.templates and template in settings.purposes:
        return settings.templates["default"]
    return settings.templates[template]


def next_of(route: Sequence[providers.Provider]) -> list[providers.Provider]:
    """The route without those whose breaker is open; if that is all of them, the first alone:
    a breaker chooses between platforms, it does not refuse a text."""
    if not all(provider.real for provider in route):
        return [*route]
    allowed = breakers.closed([provider.name for provider in route])
    return [provider for provider in route if provider.name in allowed] or [*route[:1]]


def names(order: Iterable[str]) -> list[str]:
    """Without their weights."""
    return [place.partition(":")[0] for place in order]


def platforms(settings: conf.Conf) -> list[str]:
    """All that any order names, each once."""
    orders = (settings.provider_order, *settings.routes.values())
    return list(dict.fromkeys(name for order in orders for name in names(order)))


def _drawn(order: Sequence[str]) -> list[str]:
    """The names in an order of preference; weighted neighbours in one that is drawn by weight."""
    drawn: list[str] = []
    sharing: list[tuple[str, int]] = []
    for place in (*order, ""):
        name, _, weight = place.partition(":")
        if weight:
            sharing.append((name, int(weight)))
            continue
        # Efraimidis and Spirakis (2006): the keys u^(1/w), sorted, are a draw without replacement.
        keys = {shared: _chance.random() ** (1 / heavy) for shared, heavy in sharing}
        drawn += sorted(keys, key=keys.__getitem__, reverse=True)
        sharing = []
        if name:
            drawn.append(name)
    return drawn
