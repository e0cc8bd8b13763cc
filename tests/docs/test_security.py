"""docs/security.md: its commands, and its tables of what they tried.

That the bounds are those of the attacks is looked at in tests/attacks/test_suite.py.
"""

import re

from tests.attacks.bounds import BOUNDS
from tests.docs.pages import blocks, read, rows
from tests.docs.typed import dry_run, has_options

PAGE = read("docs/security.md")


def test_its_commands_are_there() -> None:
    """tests/attacks/test_suite.py runs two of the attacks."""
    attack, some, oracle = (line.split("#")[0] for line in blocks(PAGE, "sh")[0].splitlines())
    assert "tests.attacks" in dry_run(attack)
    has_options(some)
    assert any(some.split()[4] in name for name in BOUNDS)
    assert oracle.split() == ["python", "-m", "tests.attacks.oracle"]
    assert "sys.argv[1:] else 5000" in read("tests/attacks/oracle.py")


def test_every_attack_kept_its_bounds() -> None:
    attacks = PAGE.partition("| attack | requests |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in attacks]
    assert [name for name, *_ in cells] == [*BOUNDS]
    for name, *_, bounds, end in cells:
        assert end == "ok"
        for sign, bound, value in re.findall(r"([≤=]) ([\d.]+) \(([\d.]+)\)", bounds):
            right = float(value) <= float(bound) if sign == "≤" else value == bound
            assert right, (name, bound, value)


def test_the_oracle_told_nothing() -> None:
    compared = rows(PAGE, "call")
    assert {call for call, *_ in compared} == {"send", "verify"}
    smallest = 0.01 / (2 * len(compared))
    assert all(float(p) > smallest for *_, ks, mw in compared for p in (ks, mw))
