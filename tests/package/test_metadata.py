"""What pyproject.toml says of the package is so."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.docs.pages import read
from tests.live import ROOT
from tests.package.pythons import PROJECT, claimed

_APP = ROOT / "verifications"
_PLUGIN = _APP / "pytest_plugin.py"
_PACKAGES = {
    str(canonicalize_name(one.name)): one for one in map(Requirement, PROJECT["dependencies"])
}
_TEST = {
    str(canonicalize_name(Requirement(line).name))
    for line in PROJECT["optional-dependencies"]["test"]
}


def _imported(*files: Path) -> set[str]:
    """The packages from which modules import, but for their own and Python's."""
    found = set()
    for node in chain.from_iterable(ast.walk(ast.parse(file.read_text())) for file in files):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    known = packages_distributions()
    others = found - sys.stdlib_module_names - {"verifications", "_typeshed"}
    return {str(canonicalize_name(known[name][0])) for name in others}


def _pinned(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w-]+)(?:\[\w+\])?==(\S+)", read(name), re.MULTILINE)
    return {str(canonicalize_name(package)): version for package, version in found}


def test_it_asks_for_what_it_imports() -> None:
    imported = _imported(*(path for path in _APP.rglob("*.py") if path != _PLUGIN))
    assert _PACKAGES.keys() == imported | {"tzdata"}  # which zoneinfo reads


def test_its_plugin_asks_for_pytest_and_a_valkey() -> None:
    imported = _imported(_PLUGIN) - _PACKAGES.keys()
    assert imported | {"pytest-django"} == _TEST


@pytest.mark.parametrize("name", sorted(_PACKAGES.keys() - {"urllib3"}))  # which is requests'
def test_it_is_content_with_what_the_mall_runs_on(name: str) -> None:
    assert _PACKAGES[name].specifier.contains(_pinned("requirements.in")[name])


@pytest.mark.parametrize("name", _PACKAGES)
def test_each_has_an_oldest_version(name: str) -> None:
    assert ">=" in str(_PACKAGES[name].specifier)


def test_it_is_built_by_what_the_tests_have() -> None:
    (backend,) = tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]
    assert backend == f"flit_core=={_pinned('requirements-dev.in')['flit-core']}"


def test_what_it_says_to_run_on_is_allowed() -> None:
    pythons, djangos = claimed("Programming Language :: Python"), claimed("Framework :: Django")
    assert pythons
    assert djangos
    assert all(version in SpecifierSet(PROJECT["requires-python"]) for version in pythons)
    assert all(version in _PACKAGES["django"].specifier for version in djangos)


def test_no_index_of_the_world_takes_it() -> None:
    assert "Private :: Do Not Upload" in PROJECT["classifiers"]
