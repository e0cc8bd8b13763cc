"""`python -m tests.attacks.oracle [REQUESTS]`: do answers tell who has an account or is blocked?

So many requests each (5,000) for phones with an account, without one and on the block list, in an
order drawn at random: a code asked for, and a wrong one typed in. All but ids and numbers has to be
the same, and the times of one distribution. 1 if anything tells them apart.
"""

import json
import random
import re
import sys
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from tests.attacks import numbers
from tests.attacks.statistics import kolmogorov_smirnov, mann_whitney
from tests.attacks.wire import Answer, Ask, guess, send, volley
from tests.attacks.world import World, running

_LATENCY = 0.02  # seconds, the platform's
_KINDS = ("account", "no account", "blocked")
# Of all comparisons of a run together (Bonferroni), so that a run in a hundred fails by chance.
_P = 0.01
_CONNECTIONS = 2
_WARM_UP = 300  # requests
_QUICK = 300

_chance = random.SystemRandom()
Say = Callable[[str], object]


def measure(world: World, each: int) -> dict[str, dict[str, list[Answer]]]:
    """call -> kind -> answers."""
    phones = dict(zip(_KINDS, _phones(each), strict=True))
    files = {kind: world.place / f"{kind}.txt" for kind in _KINDS}
    for kind, path in files.items():
        path.write_text("\n".join(phones[kind]))
    world.told("seed", str(files["account"]), str(files["blocked"]))
    volley(world.port, [send(p, "10.1.0.1") for p in numbers.apart("158", _WARM_UP)], _CONNECTIONS)
    order = [(kind, phone) for kind in _KINDS for phone in phones[kind]]
    found: dict[str, dict[str, list[Answer]]] = {}
    calls: dict[str, Callable[[str], Ask]] = {
        "send": lambda phone: send(phone, "10.1.0.1"),
        "verify": lambda phone: guess(phone, "000000", "10.1.0.1"),
    }
    for call, ask in calls.items():
        _chance.shuffle(order)
        answers = volley(world.port, [ask(phone) for _, phone in order], _CONNECTIONS)
        found[call] = {kind: [] for kind in _KINDS}
        for (kind, _), answer in zip(order, answers, strict=True):
            found[call][kind].append(answer)
    return found


def _phones(each: int) -> list[list[str]]:
    """Over all segments alike, dealt out at random."""
    every = [f"159{n:08d}" for n in _chance.sample(range(10**8), 3 * each)]
    return [every[n::3] for n in range(3)]


def shape(answer: Answer) -> str:
    """All of an answer but what differs by nature: ids, digits of phones, the date."""
    body = {name: "…" if name in ("id", "phone") else v for name, v in answer.body.items()}
    headers = [(name, "…" if name.lower() == "date" else v) for name, v in answer.headers]
    text = json.dumps([answer.status, headers, body], ensure_ascii=False)
    return re.sub(r'"resend_after": \d+|"expires_in": \d+', "…", text)


def judge(found: dict[str, dict[str, list[Answer]]]) -> tuple[list[str], list[str]]:
    """(the table's lines, what tells them apart)."""
    lines = ["| call | compared | medians, ms | Kolmogorov-Smirnov p | Mann-Whitney p |"]
    lines.append("| --- | --- | --- | --- | --- |")
    told: list[str] = []
    pairs = list(product(found, (("account", "no account"), ("blocked", "no account"))))
    for call, (one, other) in pairs:
        left, right = found[call][one], found[call][other]
        if set(map(shape, left)) != set(map(shape, right)):
            told.append(f"{call}: the answers of {one} and {other} differ")
        a, b = [x.seconds for x in left], [x.seconds for x in right]
        ps = kolmogorov_smirnov(a, b), mann_whitney(a, b)
        if min(ps) < _P / (2 * len(pairs)):
            told.append(f"{call}: the times of {one} and {other} differ")
        medians = f"{median(a) * 1000:.2f}, {median(b) * 1000:.2f}"
        lines.append(f"| {call} | {one}, {other} | {medians} | {ps[0]:.3g} | {ps[1]:.3g} |")
    return lines, told


def run(each: int, say: Say) -> list[str]:
    """What tells them apart."""
    with (
        tempfile.TemporaryDirectory(prefix="dadashop-asked-") as place,
        running(Path(place), "tests.attacks.oracle_settings", _LATENCY) as world,
    ):
        lines, told = judge(measure(world, each))
    for line in [*lines, *told]:
        say(line)
    return told


def quick(say: Say) -> list[dict[str, Any]]:
    """As one of the attacks."""
    say(f"\nThe oracle, {_QUICK} requests each:\n")
    return [{"attack": "oracle", "passed": run(_QUICK, say)}]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(bool(run(int(sys.argv[1]) if sys.argv[1:] else 5000, _say)))
