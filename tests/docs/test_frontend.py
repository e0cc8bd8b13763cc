"""docs/frontend.md names all that <dada-sms-code> has, and nothing else."""

import re

from tests.docs.pages import blocks, quoted, read, rows
from tests.docs.typed import dry_run, run_python

PAGE = read("docs/frontend.md")
SOURCE = read("dadashop/static/dadashop/dada-sms-code.js")


def _documented(first: str) -> set[str]:
    return {name for cell, *_ in rows(PAGE, first) for name in quoted(cell)}


def test_every_attribute() -> None:
    observed = re.findall(r'observedAttributes = \["(.*)"\]', SOURCE)[0].split('", "')
    asked = re.findall(r'this\.(?:get|has)Attribute\("([\w-]+)"\)', SOURCE)
    assert _documented("attribute") == {*observed, *asked}


def test_every_event() -> None:
    assert _documented("event") == set(re.findall(r'#tell\("(\w+)"', SOURCE))


def test_every_colour() -> None:
    colours = SOURCE.partition("const COLOURS = {")[2].partition("};")[0]
    names = re.findall(r'^  "?([\w-]+)"?: \[', colours, re.MULTILINE)
    assert _documented("property") == {f"--dada-{name}" for name in names}
    assert "--dada-radius" in SOURCE


def test_every_part() -> None:
    (listed,) = re.findall(r"`::part\(\)` reaches (.*)\.\n", PAGE)
    assert set(quoted(listed)) == set(re.findall(r'part="(\w+)"', SOURCE))


def test_every_method() -> None:
    public = re.findall(r"^  (?:get )?([a-z]\w+)\([\w]*\) {$", SOURCE, re.MULTILINE)
    of_the_platform = {"connectedCallback", "disconnectedCallback", "constructor"}
    named = set(
        re.findall(r"[`(](\w+)\(?", PAGE.partition("Of the element:")[2].partition("\n##")[0])
    )
    ours = {name for name in public if not name.endswith("Callback")} - of_the_platform
    assert ours <= named


def test_what_it_says_of_no_answer() -> None:
    refused = next(cells for cells in rows(PAGE, "event") if quoted(cells[0]) == ["refused"])
    told = set(quoted(refused[1])) - {"code"}
    assert told == set(
        re.findall(r'new Refusal\((?:controller\.signal\.aborted \? )?"(\w+)"', SOURCE)
    ) | {"offline"}


def test_a_page_at_another_port_is_let_in() -> None:
    (command,) = blocks(PAGE, "bash")
    variable, _, make = command.partition(" ")
    name, _, origin = variable.partition("=")
    assert dry_run(make)
    told = run_python(
        "python -c 'from dadashop import settings; print(settings.CORS_ALLOWED_ORIGINS)'",
        **{name: origin},
    )
    assert origin in told.stdout, told.stderr
