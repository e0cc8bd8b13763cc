"""What it prints: enough to judge the guard by, and no phone whole."""

import json
from pathlib import Path

import pytest

from tests.terminals import at_a_terminal
from tests.verifications.replay_guard.conftest import Printed
from tests.verifications.replay_guard.past import HEADER, NINE, attack, phones, shoppers

pytestmark = pytest.mark.redis

PRINTED = """\
                       texts        sent     captcha    unsolved     refused  own limits
shopper                    1           0           0           0           1           0
attack                     9           6           3           0           3           0

Of the attacks' texts 33.3% were stopped (recall).
Of what was stopped 75.0% was theirs (precision).

Suspicious                                        captcha  refused  first
address 203.0.113.7                                     3        4  2026-06-18 09:00:03

Shoppers who got no text: 1
2026-06-18 09:01:00  131****0000  203.0.113.7  limit
"""


def test_what_it_prints(printed: Printed) -> None:
    rows = attack(9) + shoppers(1, start=NINE + 60)
    assert printed(rows, "--attacker-solves") == PRINTED


def test_no_phone_is_printed_whole(printed: Printed) -> None:
    rows = attack(9) + shoppers(1, start=NINE + 60)
    for options in ([], ["--json"]):
        output = printed(rows, "--attacker-solves", *options)
        assert not any(row.split(",")[2] in output for row in rows)


def test_of_many_the_worst_are_printed(printed: Printed) -> None:
    rows = [
        f"{NINE + number},192.0.2.{address},{phone},0,1"
        for address in range(25)
        for number, phone in zip(range(5), phones(13_100_000_000 + address * 10**6), strict=False)
    ]
    output = printed(rows)
    assert output.count("address 192.0.2.") == 20
    assert "... and 5 more; --json has all." in output


def test_at_a_terminal_there_is_a_progress_bar(tmp_path: Path, file: Path) -> None:
    file.write_text("\n".join([HEADER, *attack(5)]) + "\n")
    answer, shown = at_a_terminal(tmp_path, "replay_guard", str(file), "--json")
    assert "100%" in shown
    assert json.loads(answer)["parts"]["attack"]["texts"] == 5
