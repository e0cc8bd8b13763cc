"""What is installed is pinned to the byte: every package with the hashes of all its files."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.pages import read

COMPILED = pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
_PACKAGE = re.compile(
    r"(\S+?)(\[\S+\])?==(\S+)( ; [^\\]+?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)"
)


def _lines(text: str) -> list[str]:
    bare = (re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines())
    return [line for line in bare if line]


def _wanted(name: str) -> dict[str, Requirement]:
    found: dict[str, Requirement] = {}
    for line in _lines(read(f"{name}.in")):
        if line.startswith("-r "):
            found |= _wanted(line.removeprefix("-r ").removesuffix(".in"))
        else:
            requirement = Requirement(line)
            found[str(canonicalize_name(requirement.name))] = requirement
    return found


def _compiled(name: str) -> dict[str, str]:
    """{package: version}; what is not a package with its hashes is left over, and a failure."""
    text = re.sub(r"^ *#.*\n", "", read(f"{name}.txt"), flags=re.MULTILINE)
    packages = {str(canonicalize_name(one[1])): str(one[3]) for one in _PACKAGE.finditer(text)}
    assert _PACKAGE.sub("", text).strip() == ""
    return packages


@COMPILED
def test_every_package_has_its_hashes(name: str) -> None:
    assert _compiled(name)


@COMPILED
def test_what_is_asked_for_is_pinned_and_what_is_compiled_is_that(name: str) -> None:
    compiled = _compiled(name)
    for package, requirement in _wanted(name).items():
        assert str(requirement.specifier) == f"=={compiled[package]}"


def test_the_tests_run_on_what_production_runs_on() -> None:
    assert _compiled("requirements").items() <= _compiled("requirements-dev").items()


def test_each_library_is_there_for_a_reason() -> None:
    lines = [line for line in read("requirements.in").splitlines() if "==" in line]
    assert lines
    assert all("  # " in line for line in lines)


def test_whoever_installs_asks_for_the_hashes() -> None:
    for place in ("Makefile", "Dockerfile"):
        text = re.sub(r"\\\n", " ", read(place))
        text = text.replace("$(INSTALL)", re.sub(r".*INSTALL = (.*?)\n.*", r"\1", text, flags=re.S))
        installs = [
            line for line in text.splitlines() if re.search("pip install.*requirement ", line)
        ]
        assert installs
        # But for tests on another Django, of which the files have no hash.
        assert all("--require-hashes" in line for line in installs if "build/on" not in line)
