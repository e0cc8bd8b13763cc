"""What the docs are made of: pages, their code blocks and their tables."""

import os
import re
import textwrap

from tests.live import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


def read(name: str) -> str:
    """A page; where `python -m tests.docs` asks for it, with one of its blocks spoilt."""
    page = (ROOT / name).read_text()
    spoilt, _, number = os.environ.get("SPOILT_BLOCK", "").partition("#")
    return _spoilt(page, int(number)) if spoilt == name else page


def _spoilt(page: str, number: int) -> str:
    block = [*_FENCE.finditer(page)][number]
    nothing = re.sub(r"\S.*", "spoilt", block[3])
    return page[: block.start(3)] + nothing + page[block.end(3) :]


def fences(page: str) -> list[tuple[str, str]]:
    """(language, code) of all its code blocks, those in lists too."""
    return [(language, textwrap.dedent(code)) for _, language, code in _FENCE.findall(page)]


def blocks(page: str, language: str) -> list[str]:
    """Its code blocks of a language, in order."""
    return [code for of, code in fences(page) if of == language]


def prose(page: str) -> str:
    """All but its code blocks."""
    return _FENCE.sub("", page)


def rows(page: str, first: str) -> list[list[str]]:
    """The cells of the table whose first heading is `first`, without its head."""
    _, _, table = page.partition(f"\n| {first} |")
    lines = table.partition("\n\n")[0].splitlines()[2:]
    return [_cells(line) for line in lines]


def tables(page: str) -> list[tuple[list[str], list[list[str]]]]:
    """(headings, rows) of all its tables."""
    found = []
    for lines in re.findall(r"(?:^\|.*\n)+", prose(page), re.MULTILINE):
        head, _, *body = [_cells(line) for line in lines.splitlines()]
        found.append((head, body))
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def quoted(cell: str) -> list[str]:
    """What stands in `backticks`."""
    return re.findall(r"`([^`]+)`", cell)


def named_test(name: str) -> str:
    """`path`, or `path::function`, as pytest takes it; "" where there is no such test.

    The path is below tests/, or below tests/verifications/.
    """
    path, _, function = name.removeprefix("tests/").partition("::")
    for folder in ("tests", "tests/verifications"):
        file = ROOT / folder / path
        found = sorted(file.rglob("test_*.py")) if file.is_dir() else [file] * file.exists()
        if any(not function or f"\ndef {function}(" in each.read_text() for each in found):
            return f"{folder}/{name.removeprefix('tests/')}"
    return ""
