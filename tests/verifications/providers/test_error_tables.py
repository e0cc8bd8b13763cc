"""The data files: complete, of known classes, each code once."""

import json
from pathlib import Path
from typing import get_args

import pytest

from verifications.providers import base, errors
from verifications.providers.errors import NOT_LISTED, Kind, look_up

FOLDER = Path(base.__file__).parent
TABLES = sorted([*FOLDER.glob("*_errors.json"), FOLDER / "carrier_codes.json"])
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)


@every_table
def test_each_row_is_whole(table: Path) -> None:
    for row in json.loads(table.read_text()):
        assert set(row) == {"code", "meaning", "class"}
        assert row["code"]
        assert row["meaning"]
        assert row["class"] in get_args(Kind)


@every_table
def test_each_code_is_there_once(table: Path) -> None:
    parts = [p for row in json.loads(table.read_text()) for p in row["code"].split(",")]
    codes = [code for part in parts for code in errors._spread(part)]
    assert len(codes) == len(set(codes)) == len(errors.load(table))


def test_all_173_rows_of_cloopen_are_there() -> None:
    assert len(json.loads((FOLDER / "cloopen_errors.json").read_text())) == 173


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = [
        {"code": "001-003,7", "meaning": "numbers", "class": "request"},
        {"code": "A*", "meaning": "family", "class": "config"},
        {"code": "A.B*", "meaning": "inner family", "class": "rate"},
        {"code": "A.B.C", "meaning": "itself", "class": "content"},
        {"code": "-37,S:-1", "meaning": "not a range", "class": "transient"},
    ]
    (tmp_path / "table.json").write_text(json.dumps(rows))
    return tmp_path / "table.json"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *(("001", "request"), ("003", "request"), ("7", "request"), ("004", "n/a"), ("1", "n/a")),
        *(("A", "config"), ("A.X", "config"), ("A.B", "rate"), ("A.B.D", "rate")),
        *(("A.B.C", "content"), ("A.B.CC", "rate"), ("B.A", "n/a"), ("", "n/a")),
        *(("-37", "transient"), ("S:-1", "transient")),
    ],
)
def test_the_longest_beginning_wins(code: str, kind: str, table: Path) -> None:
    assert look_up(table, code).kind == kind


def test_a_code_that_is_not_there_has_no_meaning(table: Path) -> None:
    assert look_up(table, "X") == NOT_LISTED
