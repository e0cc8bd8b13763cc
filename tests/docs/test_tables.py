"""The tables of docs/ say what the code does."""

import json
import re
from inspect import signature

import msgspec

from dadashop import mall
from tests.docs.pages import quoted, read, rows
from verifications.conf import Conf
from verifications.exceptions import VerificationError
from verifications.providers.cloopen import Cloopen


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
    asked_for = re.findall(r"""env(?:\.\w+)?\(\s*["']([A-Z_]+)""", read("dadashop/settings.py"))
    assert documented == set(asked_for)


def test_every_metric() -> None:
    table = rows(read("docs/operations.md"), "metric")
    documented = [quoted(name)[0] for name, *_ in table]
    assert documented == re.findall(r'"(verifications_\w+)"', read("verifications/metrics.py"))


def test_the_options_of_cloopen() -> None:
    table = rows(read("docs/providers.md"), "option")
    documented = {name: default for cell, default, _ in table for name in quoted(cell)}
    options = signature(Cloopen).parameters
    assert set(documented) == set(options) - {"clock"}
    for name, default in documented.items():
        if quoted(default):
            assert quoted(default)[0] == str(options[name].default)


def test_how_many_error_codes_cloopen_has() -> None:
    codes = json.loads(read("verifications/providers/cloopen_errors.json"))
    assert f"All {len(codes)} error codes" in read("docs/providers.md")


def test_purposes() -> None:
    listed = read("docs/api.md").partition("with a purpose: ")[2].partition(". A code")[0]
    assert tuple(quoted(listed)) == Conf().purposes
