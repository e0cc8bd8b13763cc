"""What the docs are made of: pages, their code blocks and their tables."""

import re
import shlex
import subprocess

from tests.live import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text()


def blocks(page: str, language: str) -> list[str]:
    """Its code blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def rows(page: str, first: str) -> list[list[str]]:
    """The cells of the table whose first heading is `first`, without its head."""
    _, _, table = page.partition(f"\n| {first} |")
    lines = table.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def quoted(cell: str) -> list[str]:
    """What stands in `backticks`."""
    return re.findall(r"`([^`]+)`", cell)


def run_curl(command: str) -> str:
    """What a documented command prints."""
    silent = ["curl", "--silent", *shlex.split(command.replace("\\\n", ""))[1:]]
    return subprocess.run(silent, capture_output=True, text=True, check=True, timeout=20).stdout
