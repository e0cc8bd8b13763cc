"""No code block stands in the docs that no test claims. `python -m tests.docs` tries the claims."""

from pathlib import Path

import pytest

from tests.docs.__main__ import with_spoilt
from tests.docs.claims import BLOCKS
from tests.docs.pages import PAGES, fences, named_test, read
from tests.live import ROOT

CLAIMS = [(page, number) for page, claimed in BLOCKS.items() for number in range(len(claimed))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_claimed(page: Path) -> None:
    text = page.read_text()
    claimed = BLOCKS.get(str(page.relative_to(ROOT)), ())
    assert [language for language, _ in fences(text)] == [block.language for block in claimed]
    assert len([line for line in text.splitlines() if "```" in line]) == 2 * len(claimed)


def test_every_test_that_claims_one_is_there() -> None:
    for claimed in BLOCKS.values():
        for block in claimed:
            assert named_test(block.test), block


@pytest.mark.parametrize(("page", "number"), CLAIMS, ids=lambda value: str(value))
def test_every_block_can_be_spoilt(page: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fences(read(page))
    monkeypatch.setenv("SPOILT_BLOCK", f"{page}#{number}")
    after = fences(read(page))
    assert [n for n, pair in enumerate(zip(before, after, strict=True)) if len({*pair}) == 2] == [
        number
    ]


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("docs/test_contributing.py::test_its_commands_are_there", ""),
        ("docs/test_contributing.py::test_it_is_one_page", "does not notice"),
    ],
)
def test_a_claim_holds_where_its_test_fails_for_a_spoilt_block(test: str, told: str) -> None:
    wrong = with_spoilt("CONTRIBUTING.md#0", test)
    assert told in wrong
    assert bool(told) is bool(wrong)
