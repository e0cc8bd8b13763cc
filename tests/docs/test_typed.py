"""Every command that the docs name can be typed so, in a sentence as in a block of code."""

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from django.core.management import get_commands, load_command_class

from tests.docs.pages import PAGES, fences, prose, quoted
from tests.docs.typed import has_options
from tests.live import ROOT

_START = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S* )*(?:\.venv/bin/)?")


def _commands() -> Iterator[str]:
    """Each line of code, and what stands in backticks, without variables and ends of pipes."""
    for page in PAGES:
        text = page.read_text()
        lines = [line.strip() for _, code in fences(text) for line in code.splitlines()]
        for words in [*lines, *quoted(prose(text).replace("\n", " "))]:
            for command in re.split(r" && | \| | > ", _START.sub("", words)):
                yield re.sub(r" +#.*", "", command)


ALL = sorted({*_commands()})
MANAGED = [words for words in ALL if re.match(r"(?:python )?manage\.py \w", words)]
MODULES = [words for words in ALL if re.match(r"python -m \w", words)]
TESTED = [words for words in ALL if re.match(r"pytest ", words)]
FILES = [words for words in ALL if re.match(r"pip install -r ", words)]


def test_there_are_some_of_each() -> None:
    assert min(map(len, (MANAGED, MODULES, TESTED, FILES))) > 1


@pytest.mark.parametrize("words", MANAGED)
def test_a_command_of_django(words: str) -> None:
    name, *arguments = shlex.split(words.partition("manage.py ")[2])
    assert name in get_commands()
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    if arguments:
        command.create_parser("manage.py", name).parse_args(arguments)


@pytest.mark.parametrize("words", MODULES)
def test_a_module(words: str) -> None:
    _, _, module, *arguments = shlex.split(words)
    assert find_spec(module)
    if any(argument.startswith("--") for argument in arguments):
        has_options(words)


@pytest.mark.parametrize("words", TESTED)
def test_what_pytest_is_given(words: str, pytestconfig: pytest.Config) -> None:
    marks = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    arguments = iter(shlex.split(words)[1:])
    for argument in arguments:
        if argument == "-m":
            assert {*next(arguments).split()} - {"not", "and", "or"} <= marks
        elif argument == "-k":
            next(arguments)
        elif argument.startswith("tests/"):
            assert (ROOT / argument).exists()


@pytest.mark.parametrize("words", FILES)
def test_what_is_to_be_installed(words: str) -> None:
    assert (ROOT / words.split()[-1]).exists()
