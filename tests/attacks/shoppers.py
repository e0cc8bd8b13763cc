"""Honest shoppers, who want to log in while an attack goes on: ask for a code, read it on the
phone, type it in; a captcha is solved by whoever is asked for one."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.attacks.wire import CAPTCHA, Ask, Wire, guess, send
from tests.attacks.world import World
from tests.verifications.captchas import solve

_PAUSE = 0.2  # seconds between two shoppers of a place

CAMPUS, CARRIER = "192.0.2.10", "100.64.0.10"  # thousands of shoppers behind each


@dataclass
class Served:
    """How shoppers fared. `refusals` are the codes of what they were told."""

    logged_in: int = 0
    refusals: list[str] = field(default_factory=list)
    captchas: int = 0
    seconds: list[float] = field(default_factory=list)  # of each that logged in

    @property
    def visits(self) -> int:
        return self.logged_in + len(self.refusals)

    @property
    def slowest(self) -> float:
        """What nineteen of twenty who logged in took at most, in seconds; 0 if there are none."""
        ordered = sorted(self.seconds)
        return ordered[(len(ordered) - 1) * 95 // 100] if ordered else 0.0


def visit(world: World, wire: Wire, phone: str, ip: str, served: Served) -> None:
    started = time.perf_counter()
    answer = wire.ask(send(phone, ip))
    if answer.code == "captcha_required":
        served.captchas += 1
        solved = solve(wire.ask(Ask(CAPTCHA, None, ip)).body)
        answer = wire.ask(send(phone, ip, captcha=solved))
    if answer.status == 202:
        answer = wire.ask(guess(phone, world.code(phone), ip))
    if answer.status == 200:
        served.logged_in += 1
        served.seconds.append(time.perf_counter() - started)
    else:
        served.refusals.append(answer.code or f"status {answer.status}")


class Crowd:
    """The shoppers of some places, each (addresses, phones), one after the other; `least` of each
    place, however short the attack."""

    def __init__(
        self,
        world: World,
        places: list[tuple[Iterator[str], Iterator[str]]],
        least: int = 3,
        port: int | None = None,
    ) -> None:
        self._world, self._least, self._port = world, least, port or world.port
        self._stop = threading.Event()
        self._served = [Served() for _ in places]
        self._threads = [
            threading.Thread(target=self._live, args=(*place, served))
            for place, served in zip(places, self._served, strict=True)
        ]

    def _live(self, addresses: Iterator[str], phones: Iterator[str], served: Served) -> None:
        wire = Wire(self._port)
        while not self._stop.is_set() or served.visits < self._least:
            visit(self._world, wire, next(phones), next(addresses), served)
            self._stop.wait(_PAUSE)
        wire.close()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> Served:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        total = Served()
        for one in self._served:
            total.logged_in += one.logged_in
            total.refusals += one.refusals
            total.captchas += one.captchas
            total.seconds += one.seconds
        return total


def everybody(
    world: World,
    homes: Iterator[str],
    phones: Iterator[str],
    least: int = 3,
    port: int | None = None,
) -> Crowd:
    """A campus, a carrier's NAT and homes; `port` where they do not ask the web itself."""
    places = [itertools.repeat(CAMPUS), itertools.repeat(CARRIER), homes]
    shared = _Shared(phones)
    return Crowd(world, [(place, shared) for place in places], least, port)


class _Shared:
    """An iterator that several threads may use."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        with self._lock:
            return next(self._source)
