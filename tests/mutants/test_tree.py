"""What has a decorator is mutated too: it is decorated behind its definition."""

from typing import Any

import pytest

from tests.mutants.modules import MODULES
from tests.mutants.tree import PROJECT, undecorated

MODULE = '''\
from functools import cache, wraps


def twice(function):
    """A comment stays."""
    return lambda *given: function(*given) * 2


def plus(number):
    return lambda function: lambda *given: function(*given) + number


@plus(1)
@twice
def decorated(number):  # and so does this
    return number


class Thing:
    def __init__(self, number):
        self.number = number

    @property
    def half(self):
        return self.number / 2

    @classmethod
    def zero(cls):
        return cls(0)
'''


def test_a_module_does_what_it_did() -> None:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    exec(MODULE, before)
    exec(undecorated(MODULE), after)
    for names in (before, after):
        assert names["decorated"](4) == 9
        assert names["Thing"](4).half == 2
        assert names["Thing"].zero().number == 0


def test_a_function_stands_without_its_decorators() -> None:
    lines = undecorated(MODULE).splitlines()
    assert not {"@plus(1)", "@twice", "    @property"} & set(lines)
    assert "decorated = (plus(1))((twice)(decorated))" in lines
    assert "    half = (property)(half)" in lines


def test_what_mutmut_knows_keeps_its_own() -> None:
    assert "    @classmethod" in undecorated(MODULE).splitlines()


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_python_still(module: str) -> None:
    compile(undecorated((PROJECT / f"verifications/{module}.py").read_text()), module, "exec")
