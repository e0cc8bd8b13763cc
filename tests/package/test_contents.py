"""What is in the package: all of the app, and nothing else of this repository."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.live import ROOT
from tests.package.pythons import PROJECT

pytestmark = pytest.mark.package

_NAME = f"dadashop_verifications-{PROJECT['version']}"


def _app() -> set[str]:
    files = (path for path in (ROOT / "verifications").rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)) for path in files if path.suffix != ".pyc"}


def test_the_wheel_is_the_app(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    told = {name for name in names if name.startswith(f"{_NAME}.dist-info/")}
    assert told
    assert {*names} - told == _app()


@pytest.mark.parametrize(
    "data",
    [
        "py.typed",
        "lua/issue.lua",
        "lua/parts/rings.lua",
        "locale/en/LC_MESSAGES/django.mo",
        "migrations/0001_initial.py",
        "providers/cloopen_errors.json",
        "static/verifications/dashboard.js",
        "templates/admin/verifications/dashboard.html",
    ],
)
def test_it_has_its_data(data: str, wheel: Path) -> None:
    assert f"verifications/{data}" in zipfile.ZipFile(wheel).namelist()


def test_the_source_distribution_is_the_app_and_how_to_build_it(built: Path) -> None:
    with tarfile.open(built / f"{_NAME}.tar.gz") as source:
        names = {name.removeprefix(f"{_NAME}/") for name in source.getnames()}
    assert names == _app() | {"pyproject.toml", "docs/python.md", "PKG-INFO"}
