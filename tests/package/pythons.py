"""Which Pythons of this machine, with which Djangos, the package is tried on."""

import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

_PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"

# The oldest of all that the package asks for, which uv takes for what it is told directly; and the
# newest.
_OLDEST = ["--resolution=lowest-direct", "--requirements", ROOT / "pyproject.toml", "--extra=test"]
_DJANGOS = {"5.2": ["django<6", *_OLDEST], "6": ["django>=6"]}


def claimed(classifier: str) -> list[str]:
    """The versions in the classifiers that begin so, "Programming Language :: Python"."""
    found = (re.fullmatch(rf"{classifier} :: ([\d.]+)", line) for line in PROJECT["classifiers"])
    return [one[1] for one in found if one]


def cases() -> Iterator[Any]:
    """(interpreter, what to ask uv for) of every pair that is to be had here."""
    for version in claimed("Programming Language :: Python"):
        if interpreter := _interpreter(version):
            for django, asked in _DJANGOS.items():
                if django == "5.2" or version != "3.11":  # Django 6 is for 3.12 and later
                    yield pytest.param((interpreter, asked), id=f"python{version}-django{django}")


def _interpreter(version: str) -> str | None:
    """Looked for without starting any: pyenv's shims are there for versions that are not."""
    if version == "{}.{}".format(*sys.version_info):
        return sys.executable
    folders = [Path(one) for one in os.get_exec_path() if Path(one).name != "shims"]
    found = [folder / f"python{version}" for folder in folders]
    found += sorted(_PYENV.glob(f"{version}.*/bin/python{version}"))
    return next((str(path) for path in found if os.access(path, os.X_OK)), None)
