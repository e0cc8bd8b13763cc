"""Each peer and the product take turns, on fresh tables and with earlier phones."""

import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from ..load import Run, drive, together
from .phones import NOW, shoppers
from .running import Running, fill
from .sites import PEERS, Site, ours

KINDS = ("send", "verify")
_WARM_UP = 40  # shoppers, before anything is timed
_numbers = itertools.count(step=10_000)


@dataclass(frozen=True)
class Size:
    """`ours`, `fresh` and `aged` are the shoppers of a turn: of the product, and of a peer."""

    rounds: int
    turns: int  # a round
    ours: int
    fresh: int
    aged: int
    earlier: int  # phones


@dataclass
class Pair:
    """Requests a second, one value a round: of the product and of a peer beside it."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)


# By peer, kind, and whether there were earlier phones; of a round also by whether it is of ours.
Measured = dict[tuple[str, str, bool], Pair]
_Runs = dict[tuple[str, str, bool, bool], list[Run]]


@dataclass(frozen=True)
class World:
    """What runs, each without and with earlier phones."""

    product: tuple[Running, Running]
    peers: dict[str, tuple[Running, Running]]


def measure(size: Size, world: World, said: Callable[[str], None]) -> Measured:
    """Raises LoadError at the first answer that is not the expected one."""
    measured: Measured = defaultdict(Pair)
    for site, aged in itertools.product(PEERS, (False, True)):  # connections of each thread
        _turn(site, world.peers[site.name][aged], _WARM_UP)
        _turn(ours(site.against), world.product[aged], _WARM_UP)
    for number in range(size.rounds):
        runs: _Runs = defaultdict(list)
        for _ in range(size.turns):
            for site, aged in itertools.product(PEERS, (False, True)):
                _side_by_side(size, world, site, aged, runs)
        _keep(runs, measured)
        said(f"round {number + 1} of {size.rounds}")
    return measured


def _side_by_side(size: Size, world: World, site: Site, aged: bool, runs: _Runs) -> None:
    both = (
        (True, ours(site.against), world.product[aged], size.ours),
        (False, site, world.peers[site.name][aged], size.aged if aged else size.fresh),
    )
    for is_ours, who, running, count in both:
        for kind, run in zip(KINDS, _turn(who, running, count), strict=True):
            runs[site.name, kind, aged, is_ours].append(run)


def _turn(site: Site, running: Running, count: int) -> tuple[Run, Run]:
    """So many new shoppers ask for a code each, and then show it."""
    if not running.earlier:
        running.empty(site)
    first = next(_numbers)
    if site.users:
        fill(running.database, [site.users], NOW, first, count)
    people = shoppers(NOW, first, count)
    sent = drive(running.port, [site.send(one) for one in people], site.sent)
    known = running.codes()
    shown = drive(running.port, [site.verify(one, known[one.phone]) for one in people], 200)
    return sent, shown


def _keep(runs: _Runs, measured: Measured) -> None:
    for (name, kind, aged, is_ours), of_it in runs.items():
        pair = measured[name, kind, aged]
        (pair.ours if is_ours else pair.theirs).append(together(of_it).rate)
