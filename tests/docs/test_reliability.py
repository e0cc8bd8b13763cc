"""docs/reliability.md: its command, and its table of what that tried."""

import re

from tests.docs.pages import blocks, read, rows
from tests.reliability.__main__ import _HEAD, NOTICES
from tests.reliability.cases import every

PAGE = read("docs/reliability.md")
TABLE = rows(PAGE, "case")


def test_each_case_of_the_command_is_in_the_table() -> None:
    assert [row[:2] for row in TABLE] == [[case.name, case.platform] for case in every()]
    assert f"| {' | '.join(_HEAD)} |" in PAGE


def test_the_word_that_is_typed_is_one_of_a_case() -> None:
    """tests/reliability runs some of them."""
    whole, some = blocks(PAGE, "sh")[0].splitlines()
    assert whole.split("#")[0].split() == ["python", "-m", "tests.reliability"]
    *command, word = some.split("#")[0].split()
    assert command == ["python", "-m", "tests.reliability"]
    assert any(word in f"{case.name} | {case.platform}" for case in every())


def test_no_row_breaks_what_is_promised() -> None:
    for case, _, messages, settled, _, unknown, texts, twice, *_ in TABLE:
        assert int(messages) == NOTICES, case
        assert int(settled) + int(unknown) == NOTICES, case
        assert int(settled) <= int(texts) <= NOTICES, case
        assert twice == "0", case


def test_as_many_are_in_make_test_as_it_says() -> None:
    tests = read("tests/reliability/test_workers.py") + read("tests/reliability/test_parts.py")
    words = dict(zip(range(4, 9), ("four", "five", "six", "seven", "eight"), strict=True))
    count = words[len(re.findall(r"^def test_", tests, re.MULTILINE))]
    assert f"runs {count} of them, with 60 notices" in PAGE
    assert "NOTICES = 60" in tests


def test_a_failover_prints_its_numbers() -> None:
    """By a line of the log, which the option shows."""
    pytest, file, *options = blocks(PAGE, "sh")[1].split()
    assert (pytest, options) == ("pytest", ["--log-cli-level", "INFO"])
    assert "kill_under_load" in read(file)
    assert 'logger.info("refused for %.1f s; %d texts"' in read("tests/redis/load.py")
