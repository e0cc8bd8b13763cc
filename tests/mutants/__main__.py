"""`make mutants`, or `python -m tests.mutants [--again] [MODULE ...]`: which changes of the code
no test would notice.

A module of `verifications` (`codes`, `providers/wire`), or `lua`; without any, all of them, which
takes hours. Works on copies under build/mutants. A test that hangs has noticed, too. 1 where fewer
than nine in ten are noticed.

--again is for tests that were added since the last run: the code has to be the same.
"""

import argparse
import sys
from collections.abc import Sequence

from tests.mutants import equivalent, lua, mutmut
from tests.mutants.modules import MODULES

_LEAST = 0.9
_LUA = "lua"
_ROW = "| {:22} | {:>7} | {:>6} | {:>10} | {:>5} | {:>5} |"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join([*MODULES, _LUA]))
    parser.add_argument("--again", action="store_true", help="those alone that were not noticed")
    options = parser.parse_args(arguments)
    if unknown := {*options.modules} - {*MODULES, _LUA}:
        parser.error(f"{', '.join(sorted(unknown))}: there are {', '.join([*MODULES, _LUA])}")
    _say(_ROW.format("module", "mutants", "killed", "equivalent", "alive", "share"))
    _say(_ROW.format(*["---"] * 6))
    shares = [_try(module, again=options.again) for module in options.modules or [*MODULES, _LUA]]
    return int(min(shares) < _LEAST)


def _try(module: str, *, again: bool) -> float:
    """The share of its mutants that is killed, without those that change nothing."""
    if module == _LUA:
        unnoticed = [mutmut.Mutant(one.name, one.was, one.becomes) for one in lua.run()]
        outcome = mutmut.Outcome(len(lua.mutants()), unnoticed, [])
    else:
        outcome = mutmut.run(module, again=again)
    alive = [one for one in outcome.alive if not equivalent.is_known(module, one.was, one.becomes)]
    same = len(outcome.alive) - len(alive)
    left = len(alive) + len(outcome.odd)
    killed = outcome.mutants - same - left
    share = killed / (killed + left) if killed + left else 1.0
    _say(_ROW.format(module, outcome.mutants, killed, same, left, f"{share:.0%}"))
    for one in alive:
        _say(f"    {one.name}\n      - {one.was}\n      + {one.becomes}")
    for name in outcome.odd:
        _say(f"    {name}")
    return share


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
