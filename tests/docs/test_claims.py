"""What docs/security.md and docs/reliability.md claim has its test, and that test is there."""

import re

import pytest

from tests.docs.pages import PAGES, named_test, quoted, read, tables

CLAIMING = pytest.mark.parametrize("name", ["docs/security.md", "docs/reliability.md"])
NAMED = sorted(
    {
        words
        for page in PAGES
        for words in quoted(page.read_text())
        if re.fullmatch(r"[\w/]*\btest_\w+(/|\.py)(::\w+)?", words)
    }
)


@pytest.mark.parametrize("test", NAMED)
def test_a_test_that_is_named_is_there(test: str) -> None:
    assert named_test(test)


@CLAIMING
def test_every_claim_names_its_test(name: str) -> None:
    """But for those that say in bold what is not done."""
    claiming = [rows for head, rows in tables(read(name)) if head[-1] == "test"]
    assert claiming
    for what, *_, how, tests in [row for rows in claiming for row in rows]:
        assert any(named_test(words) for words in quoted(tests)) or "**" in how, what


@CLAIMING
def test_every_promise_in_a_list_names_its_test(name: str) -> None:
    promises = read(name).partition("## What is promised\n")[2].partition("\n## ")[0]
    for promise in re.findall(r"^- (.*(?:\n  .*)*)", promises, re.MULTILINE):
        assert any(named_test(words) for words in quoted(promise.replace("\n  ", " "))), promise
