"""Whatever the docs name is there."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, blocks, read
from tests.live import ROOT

EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@EVERY_PAGE
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@EVERY_PAGE
def test_files_are_there(page: Path) -> None:
    folders = "dadashop|verifications|sandbox|tests|benchmarks|docs|deploy"
    for path in re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text()):
        assert (ROOT / path).exists(), path


def test_the_house_stands_as_drawn() -> None:
    outer, inner, *_ = blocks(read("docs/design.md"), "")
    drawn = re.findall(r"(?:^|\s{2,})([\w.-]+\.\w+|\.?\w+/(?:run)?)", outer, re.MULTILINE)
    assert {path.name for path in ROOT.glob("*.*") if not path.name.startswith(".")} <= set(drawn)
    assert all((ROOT / name).exists() for name in drawn)
    app = ROOT / "verifications"
    _, *lines = inner.splitlines()
    rooms = {room for line in lines for room in re.split(" {3,}", line.strip())[0].split()}
    assert all((app / room).exists() for room in rooms)
    assert {path.name for path in app.glob("[a-z]*.py")} <= rooms


def test_make_has_what_the_docs_call() -> None:
    makefile = read("Makefile")
    for page in PAGES:
        for target in re.findall(r"^(?:make|  make) (\w+)|`make (\w+)", page.read_text(), re.M):
            assert f"\n{''.join(target)}:" in makefile, target
