"""One module's mutants, made and tried by mutmut in a copy of the project."""

import json
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import environments
from tests.mutants import tree
from tests.mutants.modules import MODULES

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
# The first takes long, and is of tables; the others have names that pytest finds once a process.
_LEFT_OUT = (
    "test_each_error_code_is_of_its_class",
    "test_an_answer_that_says_nothing",
    "test_a_push_of_something_else",
)
_NEVER_RAN = 255  # pytest did not understand what it was asked, which mutmut calls a timeout
_SETTINGS = """\
[mutmut]
source_paths = verifications
only_mutate = {file}
also_copy = {also}
process_isolation = forkserver
timeout_constant = 3
timeout_multiplier = 3
use_git_change_detection = false
pytest_add_cli_args =
    --reuse-db
    -k
    {leave}
    -p
    tests.mutants.hasty
    -p
    no:unraisableexception
    -W
    ignore::pytest.PytestAssertRewriteWarning
pytest_add_cli_args_test_selection = {tests}
"""
# What `mutmut show` does, for many at once: alone, each would take a second.
_MARK = "\0"
_DIFFS = """
import sys
from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant
for name in sys.argv[1:]:
    print("\\0" + get_diff_for_mutant(name, path=find_mutant(name).path))
"""
_DEAD = ("killed", "timeout")
_RESULT = re.compile(r"^ +(\S+): (.+)$", re.MULTILINE)


class Mutant(NamedTuple):
    """A change that no test noticed: the lines that it took away, and those in their place."""

    name: str
    was: str
    becomes: str


class Outcome(NamedTuple):
    mutants: int
    alive: list[Mutant]
    odd: list[str]  # what else mutmut says of the others, such as that no test calls the function


def run(module: str, *, again: bool = False) -> Outcome:
    """Of verifications/<module>.py; `again` tries those alone that were alive in the last run.

    Raises RuntimeError where mutmut cannot be had or the tests fail without any mutant.
    """
    place = tree.grow(module.replace("/", "."), afresh=not again)
    file = f"verifications/{module}.py"
    source = place / file
    source.write_text(tree.undecorated(source.read_text()))
    if again:  # mutmut takes over what is Python
        tree.spread(place / "verifications", place / "mutants" / "verifications")
    _configure(place, file, MODULES[module])
    before = _results(place) if again else {}
    left = [name for name, state in before.items() if state not in _DEAD]
    if left or not again:
        _call(place, "run", "--max-children", "1", *left)
    # With other tests than before, mutmut forgets what it knew of the others.
    tried = {name: state for name, state in _results(place).items() if state != "not checked"}
    results = {**before, **tried}
    alive = _look_at(place, [name for name, state in results.items() if state == "survived"])
    told = {"survived", *_DEAD}
    odd = [f"{name}: {state}" for name, state in results.items() if state not in told]
    return Outcome(len(results), alive, odd)


def _configure(place: Path, file: str, tests: list[str]) -> None:
    also = [each.name for each in place.iterdir() if each.name not in ("mutants", "verifications")]
    settings = {
        "also": _lines(also),
        "tests": _lines(tests),
        "leave": f"not ({' or '.join(_LEFT_OUT)})",
    }
    (place / "setup.cfg").write_text(_SETTINGS.format(file=file, **settings))


def _lines(values: list[str]) -> str:
    return "".join(f"\n    {value}" for value in values)


def _results(place: Path) -> dict[str, str]:
    """{name of a mutant: what became of it}"""
    results = dict(_RESULT.findall(_call(place, "results", "--all", "1")))
    for file in (place / "mutants" / "verifications").rglob("*.meta"):
        codes = json.loads(file.read_text())["exit_code_by_key"]
        results |= {name: "never ran" for name, code in codes.items() if code == _NEVER_RAN}
    return results


def _look_at(place: Path, names: list[str]) -> list[Mutant]:
    told = _python(place, "-c", _DIFFS, *names) if names else ""
    diffs = [one.splitlines() for one in told.split(_MARK)[1:]]
    return [Mutant(name, *_sides(diff)) for name, diff in zip(names, diffs, strict=True)]


def _sides(diff: list[str]) -> Iterator[str]:
    """The lines that were taken away, and those in their place."""
    for sign in "-+":
        yield "\n".join(line[1:].strip() for line in diff[3:] if line[:1] == sign)


def _call(place: Path, *arguments: str) -> str:
    """What mutmut prints."""
    return _python(place, "-m", "mutmut", *arguments)


def _python(place: Path, *arguments: str) -> str:
    """In mutmut's own environment, behind which it sees ours."""
    python = environments.python_of(_REQUIREMENTS, "mutmut")
    return tree.inside(place, python, *arguments, PYTHONPATH=sysconfig.get_path("purelib"))
