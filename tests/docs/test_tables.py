"""The tables of docs/ say what the code does."""

import json
import re

import msgspec
import pytest

from dadashop import mall
from dadashop.logs import FIELDS
from dadashop.platforms import PLATFORMS, TEXTS, template_variable
from tests.docs.pages import blocks, quoted, read, rows
from tests.exposed import Exposed, families
from verifications.conf import Conf
from verifications.exceptions import VerificationError


def test_errors_and_the_malls_numbers() -> None:
    documented = [
        (quoted(code)[0], int(status), int(number))
        for code, status, _extras, _when, number in rows(read("docs/api.md"), "`code`")
    ]
    refusals = VerificationError.__subclasses__()
    assert documented == [(row.code, row.status, mall.NUMBERS[row.code]) for row in refusals]
    assert str(mall.INTERNAL_ERROR) in read("docs/api.md")


def test_every_setting_and_its_default() -> None:
    table = rows(read("docs/operations.md"), "key")
    documented = {quoted(key)[0]: default for key, default, _ in table}
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(Conf)}
    assert list(documented) == list(defaults)
    for name, default in documented.items():
        if re.match(r"[\[\d]", default):
            assert default == json.dumps(defaults[name]), name


def test_every_environment_variable() -> None:
    table = rows(read("docs/operations.md"), "variable")
    documented = {name for cell, *_ in table for name in quoted(cell)}
    source = read("dadashop/settings.py") + read("dadashop/platforms.py")
    asked_for = set(re.findall(r"""env(?:\.\w+)?\(\s*["']([A-Z_]+)""", source))
    for name, platform in PLATFORMS.items():
        asked_for |= {f"{name.upper()}_{end}" for end in (*platform.options, "BASE_URL")}
        asked_for |= {template_variable(name, text) for text in (*TEXTS, "<PURPOSE>")}
    assert documented == asked_for


def test_the_endings_of_every_purpose() -> None:
    table = rows(read("docs/operations.md"), "variable")
    (told,) = (what for cell, _, what in table if quoted(cell) == ["CLOOPEN_TEMPLATE_<PURPOSE>"])
    assert quoted(told) == [f"_{purpose.upper()}" for purpose in Conf().purposes]


@pytest.mark.django_db
def test_every_metric() -> None:
    table = rows(read("docs/monitoring.md"), "metric")
    documented = {
        quoted(name)[0]: Exposed(kind, tuple(quoted(labels))) for name, kind, labels, _ in table
    }
    assert documented == families()


def test_every_field_of_the_log() -> None:
    table = rows(read("docs/monitoring.md"), "field")
    assert [name for cell, _ in table for name in quoted(cell)] == [*FIELDS]
    (line,) = blocks(read("docs/monitoring.md"), "json")
    assert json.loads(line).keys() <= {"time", "level", "logger", "message", *FIELDS}


def test_how_many_error_codes_cloopen_has() -> None:
    codes = json.loads(read("verifications/providers/cloopen_errors.json"))
    assert f"All {len(codes)} error codes" in read("docs/providers.md")


def test_purposes() -> None:
    listed = read("docs/api.md").partition("with a purpose: ")[2].partition(". A code")[0]
    assert tuple(quoted(listed)) == Conf().purposes
