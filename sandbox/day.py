"""`python -m sandbox.day --seed 1 > day.csv`: a day of the mall's texts, with four attacks in it.

One line a text that was asked for: `time,address,phone,verified,attack`. `attack` is 0 for a
shopper, else the name of what it is part of. The same seed gives the same bytes with every Python.
Addresses are of ranges that belong to nobody (RFC 2544, 3849, 5737); the phones are made up.
"""

import argparse
import random
import sys
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from typing import NamedTuple, TypeVar

T = TypeVar("T")

MIDNIGHT = datetime(2026, 6, 18, tzinfo=timezone(timedelta(hours=8)))  # of a day of sales
MINUTE, HOUR = 60_000, 3_600_000  # milliseconds

HOURS = (
    30,
    18,
    10,
    7,
    6,
    8,
    15,
    28,
    45,
    60,
    72,
    75,
    80,
    70,
    62,
    60,
    62,
    66,
    72,
    85,
    100,
    95,
    75,
    48,
)
# A campus sleeps longer, and at 20:00 all its rooms want the same phone at half the price.
CAMPUS_HOURS = (9, 4, 1, 0, 0, 0, 1, 4, 8, 9, 10, 20, 25, 12, 9, 9, 10, 15, 18, 22, 110, 60, 40, 25)
CAMPUS = ("192.0.2.10", "192.0.2.11")
_MOBILE = "134 135 136 137 138 139 147 150 151 152 157 158 159 178 182 183 184 187 188 195 198"
_UNICOM = "130 131 132 155 156 166 175 176 185 186"
_TELECOM = "133 153 173 177 180 181 189 191 193 199"
CARRIERS = f"{_MOBILE} {_UNICOM} {_TELECOM}".split()


class Text(NamedTuple):
    at: int  # milliseconds since midnight
    address: str
    phone: str
    verified: bool
    attack: str = "0"

    def __str__(self) -> str:
        time = (MIDNIGHT + timedelta(milliseconds=self.at)).isoformat(timespec="milliseconds")
        return f"{time},{self.address},{self.phone},{self.verified:d},{self.attack}"


class Dice:
    """random() is the same in every version of Python; what the library makes of it may not be."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # nosec B311  # no secret comes of it

    def below(self, number: int) -> int:
        return int(self._random.random() * number)

    def pick(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def chance(self, percent: float) -> bool:
        return self._random.random() * 100 < percent

    def time(self, hours: Sequence[int]) -> int:
        """Some time of the day, by the weights of its hours."""
        drawn = self.below(sum(hours))
        hour = next(hour for hour, upto in enumerate(accumulate(hours)) if drawn < upto)
        return hour * HOUR + self.below(HOUR)


class World:
    """What numbers there are, and who lives behind which address."""

    def __init__(self, dice: Dice) -> None:
        self.segments = [f"{dice.pick(CARRIERS)}{dice.below(10_000):04}" for _ in range(2500)]
        self._homes = [_home(number, dice) for number in range(7000)]

    def phone(self, dice: Dice) -> str:
        return f"{dice.pick(self.segments)}{dice.below(10_000):04}"

    def home(self, dice: Dice) -> str:
        """With IPv6, where each device has an address of its own in the home's /64."""
        home = dice.pick(self._homes)
        return home if "." in home else f"{home}{1 + dice.below(65_535):x}"

    def mobile(self, dice: Dice) -> str:
        """One of the few that a carrier's NAT has for all its subscribers."""
        return f"203.0.113.{1 + dice.below(20)}"


def _home(number: int, dice: Dice) -> str:
    if dice.chance(35):
        return f"2001:db8:{number:x}:1::"
    return f"198.18.{number // 250}.{number % 250 + 1}"


def shoppers(dice: Dice, world: World) -> Iterator[Text]:
    for _ in range(6500):
        yield from _shopper(dice, dice.time(HOURS), world.home(dice), world.phone(dice))
    for _ in range(6500):
        yield from _shopper(dice, dice.time(HOURS), world.mobile(dice), world.phone(dice))
    for _ in range(2600):
        yield from _shopper(dice, dice.time(CAMPUS_HOURS), dice.pick(CAMPUS), world.phone(dice))


def _shopper(dice: Dice, at: int, address: str, phone: str) -> Iterator[Text]:
    """Most type their first code in; of the others every second one asks once more."""
    verified = dice.chance(88)
    yield Text(at, address, phone, verified)
    if not verified and dice.chance(50):
        again = at + 61_000 + dice.below(90_000)
        yield Text(again, address, phone, dice.chance(75))


def flood(dice: Dice, world: World) -> Iterator[Text]:
    """One address texts 10,000 phones, ten a second."""
    for number in range(10_000):
        at = 3 * HOUR + 10 * MINUTE + number * 100 + dice.below(100)
        yield Text(at, "198.51.100.7", world.phone(dice), verified=False, attack="flood")


def pump(dice: Dice, _world: World) -> Iterator[Text]:
    """300 addresses in turn walk through the numbers of a resold carrier, 200 of each segment,
    four texts a minute: slow enough for every limit of an address."""
    for number in range(4800):
        at = 2 * HOUR + number * 15_000 + dice.below(15_000)
        segment, last = 1_703_120 + number // 200, 4000 + number % 200
        address = f"198.19.{number % 300 // 250}.{number % 300 % 250 + 1}"
        yield Text(at, address, f"{segment}{last}", verified=False, attack="pump")


def bomber(dice: Dice, world: World) -> Iterator[Text]:
    """Three people are to have no peace: 25 addresses ask for texts to them, for two hours."""
    victims = [world.phone(dice) for _ in range(3)]
    for number in range(1500):
        at = 21 * HOUR + number * 4800 + dice.below(4800)
        address = f"198.51.100.{100 + dice.below(25)}"
        yield Text(at, address, victims[number % 3], verified=False, attack="bomber")


def proxies(dice: Dice, world: World) -> Iterator[Text]:
    """2,000 homes that know nothing of it, three texts each, to eight segments of shoppers."""
    targets = [dice.pick(world.segments) for _ in range(8)]
    for number in range(6000):
        at = 13 * HOUR + dice.below(6 * HOUR)
        home = number % 2000
        phone = f"{dice.pick(targets)}{dice.below(10_000):04}"
        address = f"198.19.{100 + home // 250}.{home % 250 + 1}"
        yield Text(at, address, phone, verified=False, attack="proxies")


ATTACKS = {attack.__name__: attack for attack in (flood, pump, bomber, proxies)}


def day(seed: int, attacks: Collection[str] = tuple(ATTACKS)) -> list[Text]:
    """In order of time; each part has dice of its own, so that none depends on another.

    All happens in the first half of a second: replayed by a machine that lags a little, nothing
    gets from one minute into the next.
    """
    world = World(Dice(10 * seed))
    texts = [*shoppers(Dice(10 * seed + 1), world)]
    for number, (name, attack) in enumerate(ATTACKS.items(), start=2):
        if name in attacks:
            texts += attack(Dice(10 * seed + number), world)
    return sorted(text._replace(at=text.at - text.at % 1000 // 2) for text in texts)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sandbox.day", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--attack", action="append", choices=ATTACKS, help="only this one; may be repeated"
    )
    arguments = parser.parse_args(argv)
    texts = day(arguments.seed, arguments.attack or [*ATTACKS])
    lines = ["time,address,phone,verified,attack", *map(str, texts)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
