"""The numbers of docs/guard.md are those that its commands print."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from sandbox.day import ATTACKS, day
from tests.conftest import Configure
from tests.docs.pages import blocks, quoted, read, rows
from verifications.conf import Conf
from verifications.services import send_code, verify_code

PAGE = read("docs/guard.md")
NOTED, MERGE = blocks(PAGE, "python")
NONE, ALL = 0, 1  # captchas that who attacks solves


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("day") / "day.csv"
    lines = ["time,address,phone,verified,attack", *map(str, day(1))]
    file.write_text("\n".join(lines) + "\n")
    return file


def _replayed(file: Path, solved: int) -> Any:
    out = io.StringIO()
    call_command("replay_guard", str(file), "--json", *["--attacker-solves"] * solved, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("solved", [NONE, ALL], ids=["solves none", "solves all"])
def test_the_made_up_day(solved: int, file: Path, configure: Configure) -> None:
    defaults = Conf()
    configure(
        GUARD_BOUNDS=defaults.guard_bounds,
        CAPTCHA_ABOVE=defaults.captcha_above,
        CAPTCHA=defaults.captcha,
    )
    answer = _replayed(file, solved)
    parts = answer["parts"]
    assert f"The {sum(part['texts'] for part in parts.values()):,} texts of the day" in PAGE
    table = _rows_below("| | texts |")
    attacks = [name for name, _ in rows(PAGE, "attack")]
    assert [name for name, *_ in table] == [*attacks, "all four (recall)"]
    for name, texts, *cells in table:
        of = [name] if name in ATTACKS else [*ATTACKS]
        wanted = sum(parts[part]["texts"] for part in of)
        sent = sum(parts[part]["sent"] for part in of)
        assert texts == str(wanted), name
        assert cells[2 * solved : 2 * solved + 2] == [str(sent), f"{1 - sent / wanted:.1%}"], name
    assert table[-1][3 + 2 * solved] == f"{answer['recall']:.1%}"
    shoppers = parts["shopper"]
    refused = shoppers["limit"] + shoppers["unsolved"] + shoppers["listed"]
    column = [cells[1 + solved] for cells in _rows_below("| | solves none |")]
    assert column == [
        f"{answer['precision']:.1%}",
        *map(str, (shoppers["texts"], shoppers["asked"], refused)),
    ]
    assert len(answer["shoppers"]) == refused


def _rows_below(head: str) -> list[list[str]]:
    lines = PAGE.partition(f"\n{head}")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_attack_is_explained() -> None:
    assert {name for name, _ in rows(PAGE, "attack")} == set(ATTACKS)


def test_the_commands_of_the_made_up_day_are_those_that_ran() -> None:
    make, *replays = [line.split("#")[0].split() for line in blocks(PAGE, "sh")[0].splitlines()]
    assert make == ["python", "-m", "sandbox.day", "--seed", "1", ">", "day.csv"]
    for command, options in zip(replays, ([], ["--attacker-solves"]), strict=True):
        assert command == ["python", "manage.py", "replay_guard", "day.csv", *options]


def test_the_log_of_a_week_becomes_a_file(tmp_path: Path) -> None:
    log = ["1,::1,+861,0", "2,::1,+862,0", "70,::1,+861,0", "80,::2,+861,1", "81,::2,+863,1"]
    (tmp_path / "traffic.log").write_text("\n".join(log) + "\n")
    subprocess.run([sys.executable, "-c", MERGE], cwd=tmp_path, check=True, timeout=30)
    assert (tmp_path / "asked.csv").read_text().splitlines() == [
        "time,address,phone,verified",
        "1,::1,+861,0",
        "2,::1,+862,0",
        "70,::1,+861,1",
    ]


@pytest.mark.django_db
def test_what_is_written_down_can_be_replayed(
    phone: str,
    last_code: Callable[[], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[str] = []
    traffic = SimpleNamespace(info=lambda words, *values: lines.append(words % values))
    names = {"phone": phone, "ip": "203.0.113.7", "traffic": traffic, "timezone": timezone}
    ask, verify = NOTED.split("...")
    exec(ask, names | {"send_code": send_code})
    exec(verify, names | {"verify_code": verify_code, "code": last_code()})
    (tmp_path / "traffic.log").write_text("\n".join(lines) + "\n")
    monkeypatch.chdir(tmp_path)
    exec(MERGE, {})
    commands = blocks(PAGE, "sh")[1].splitlines()
    assert len(commands) == 3
    for command in commands:
        out = io.StringIO()
        _, _, *arguments = command.split()
        call_command(*arguments, stdout=out)
    told = json.loads(out.getvalue())
    assert sum(part["texts"] for part in told["parts"].values()) == 1


def test_the_defaults_that_operators_read() -> None:
    table = rows(read("docs/operations.md"), "key")
    told = {quoted(key)[0]: default for key, default, _ in table}
    defaults = Conf()
    bounds = {kind: list(bound) for kind, bound in defaults.guard_bounds.items()}
    assert json.loads(told["GUARD_BOUNDS"]) == bounds
    assert json.loads(told["CAPTCHA_ABOVE"]) == defaults.captcha_above


def test_the_settings_that_it_names_are_there() -> None:
    known = {name.upper() for name in Conf.__struct_fields__}
    named = {name.partition("=")[0] for name in quoted(PAGE) if name.partition("=")[0].isupper()}
    assert named - {"DADASHOP_GUARD"} <= known
