"""`make attack`, or `python -m tests.attacks [--only NAME] [--json]`: the product under attack.

All of it runs on this machine, against a product that is started for it. 1 if a bound was passed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.attacks import oracle, suite
from tests.attacks.arena import Arena
from tests.attacks.bounds import BOUNDS, HONEST
from tests.attacks.wire import swarm
from tests.attacks.world import running

_HEAD = ("attack", "requests", "texts", "guesses", "honest", "hurt", "bounds", "")
_ORACLE = "oracle"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="a word of its name")
    parser.add_argument("--json", action="store_true", help="one object, instead of the table")
    parser.add_argument("--scale", type=float, default=1.0, help="of the number of requests")
    options = parser.parse_args(arguments)
    wanted = [
        n for n in [*BOUNDS, _ORACLE] if not options.only or any(w in n for w in options.only)
    ]
    if not wanted:
        parser.error(f"there are {', '.join([*BOUNDS, _ORACLE])}")
    say = (lambda _: None) if options.json else _say
    missing = {name: why for name in wanted if (why := suite.missing(name))}
    names = [name for name in wanted if name != _ORACLE and name not in missing]
    results = _attack(names, options.scale, say)
    for name, why in missing.items():
        say(f"{name}: NOT RUN: {why}")
    if _ORACLE in wanted:
        results += oracle.quick(say)
    if options.json:
        _say(json.dumps(results, ensure_ascii=False, indent=1))
    return int(any(result["passed"] for result in results))


def _attack(names: Sequence[str], scale: float, say: Any) -> list[dict[str, Any]]:
    if not names:
        return []
    say(_line(_HEAD))
    say(_line(["---"] * len(_HEAD)))
    results = []
    with (
        tempfile.TemporaryDirectory(prefix="dadashop-attacked-") as place,
        running(Path(place)) as world,
        swarm(world.port) as attackers,
    ):
        for result in suite.run(Arena(world, attackers, scale), names):
            say(_line(_cells(result)))
            results.append(_document(result))
    return results


def _cells(result: suite.Result) -> list[str]:
    seen, honest = result.seen, result.honest
    counts = (seen.requests, seen.texts, seen.guesses, honest.visits, len(honest.refusals))
    passed = result.passed()
    # Those of every attack are told by their columns, as long as they hold.
    told = [bound for bound in result.bounds() if bound not in HONEST or bound in passed]
    bounds = "; ".join(f"{bound} ({result.values[bound.what]:.4g})" for bound in told)
    return [result.name, *map(str, counts), bounds, "FAIL" if passed else "ok"]


def _document(result: suite.Result) -> dict[str, Any]:
    seen, honest = result.seen, result.honest
    return {
        "attack": result.name,
        "requests": seen.requests,
        "texts": seen.texts,
        "guesses": seen.guesses,
        "honest": honest.visits,
        "refusals": honest.refusals,
        "captchas": honest.captchas,
        "slowest": honest.slowest,
        "values": result.values,
        "bounds": [str(bound) for bound in result.bounds()],
        "passed": [str(bound) for bound in result.passed()],
        "seconds": result.seconds,
    }


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
