"""The mutants of lua.toml, each tried in a fork of one process that has the tests in memory.

python -m tests.mutants.lua     in a copy of the project, which it changes
"""

import os
import signal
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.mutants import tree

_FILE = Path(__file__).with_name("lua.toml")
_SCRIPTS = Path("verifications/lua")
_TESTS = "tests/verifications"
_HASTE = ["-x", "-q", "-p", "no:randomly", "-p", "no:unraisableexception", "--reuse-db"]
_QUIET = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "tests.mutants.hasty"]
_PATIENCE = 120  # seconds


class Mutant(NamedTuple):
    file: str
    was: str
    becomes: str
    so: str

    @property
    def name(self) -> str:
        return f"{self.file}: {self.so}"


def mutants() -> list[Mutant]:
    return [Mutant(**row) for row in tomllib.loads(_FILE.read_text())["mutant"]]


def tests_of(file: str) -> list[str]:
    return [f"{_TESTS}/{one}" for one in tomllib.loads(_FILE.read_text())["tests"][file]]


def run() -> list[Mutant]:
    """Those that no test noticed. Raises RuntimeError where tests fail without any mutant."""
    place = tree.grow("lua")
    told = tree.inside(place, sys.executable, "-m", "tests.mutants.lua")
    alive = {int(line.removeprefix("ALIVE ")) for line in told.splitlines() if "ALIVE" in line}
    return [mutant for number, mutant in enumerate(mutants()) if number in alive]


def _try_all() -> int:
    everything = sorted({test for one in mutants() for test in tests_of(one.file)})
    pytest.main([*_HASTE, *_QUIET, "--collect-only", *everything])
    if _forked(everything):
        sys.stdout.write("The tests fail without any mutant.\n")
        return 1
    for number, mutant in enumerate(mutants()):
        if not _killed(mutant):
            sys.stdout.write(f"\nALIVE {number}\n")
            sys.stdout.flush()
    return 0


def _killed(mutant: Mutant) -> bool:
    script = _SCRIPTS / mutant.file
    whole = script.read_text()
    script.write_text(whole.replace(mutant.was, mutant.becomes, 1))
    try:
        return bool(_forked(tests_of(mutant.file)))
    finally:
        script.write_text(whole)


def _forked(tests: list[str]) -> int:
    """What pytest says of these tests, in a process of their own; -SIGALRM for those that hang."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.alarm(_PATIENCE + 60 * len(tests))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os._exit(int(pytest.main([*_HASTE, *_QUIET, *tests])))


if __name__ == "__main__":
    sys.exit(_try_all())
