"""The lists of mutants and tests name what is there."""

import pytest

from tests.mutants import equivalent, lua
from tests.mutants.modules import MODULES
from tests.mutants.tree import PROJECT

MUTANTS = pytest.mark.parametrize("mutant", lua.mutants(), ids=lambda mutant: mutant.name)


@pytest.mark.parametrize("module", MODULES)
def test_the_tests_of_a_module_are_there(module: str) -> None:
    assert MODULES[module]
    assert all((PROJECT / test).exists() for test in MODULES[module])


@MUTANTS
def test_a_mutant_of_lua_changes_one_place_of_a_script(mutant: lua.Mutant) -> None:
    source = (PROJECT / "verifications/lua" / mutant.file).read_text()
    assert source.count(mutant.was) == 1
    assert mutant.becomes != mutant.was


@MUTANTS
def test_there_are_tests_for_it(mutant: lua.Mutant) -> None:
    assert all((PROJECT / test).exists() for test in lua.tests_of(mutant.file))


@pytest.mark.parametrize("entry", equivalent.entries(), ids=lambda entry: entry["was"][:40])
def test_an_equivalent_mutant_is_of_a_line_that_stands_in_its_module(
    entry: dict[str, object],
) -> None:
    source = (PROJECT / f"verifications/{entry['module']}.py").read_text()
    assert all(line.strip() in source for line in str(entry["was"]).splitlines())
    assert entry["why"]
