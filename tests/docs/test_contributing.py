"""CONTRIBUTING.md: its commands are there, and it fits a page."""

import re

from tests.docs.pages import blocks, prose, quoted, read
from tests.docs.typed import dry_run, has_options
from tests.live import ROOT

PAGE = read("CONTRIBUTING.md")


def test_its_commands_are_there() -> None:
    (script,) = blocks(PAGE, "sh")
    named = [line.split("#")[0].strip() for line in script.splitlines()]
    for command in filter(None, named):
        if command.startswith("make"):
            assert dry_run(command)
        else:
            assert (ROOT / command).stat().st_mode & 0o100, command
    for told in re.findall(r"python -m \S+", script):
        has_options(told)


def test_one_test_can_be_run() -> None:
    (command,) = [words for words in quoted(prose(PAGE)) if words.startswith(".venv/bin/pytest")]
    _, file, option, word = command.split()
    assert option == "-k"
    assert re.search(rf"def test_\w*{word}", read(file))


def test_the_marks_that_it_names_are_there() -> None:
    marks = re.findall(r"^    \"(\w+): ", read("pyproject.toml"), re.MULTILINE)
    named = {mark for words in re.findall(r'-m "([^"]+)"', PAGE) for mark in words.split()}
    assert named - {"not", "and", "or"} <= {*marks}


def test_it_is_one_page() -> None:
    assert len(PAGE.splitlines()) <= 60
