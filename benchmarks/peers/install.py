"""The peers' own virtual environment, under build/: they are no part of the product."""

import re
from pathlib import Path

from benchmarks import environments

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PROJECTS = Path(__file__).with_name("projects").resolve()


def python() -> str:
    """Raises RuntimeError."""
    return environments.python_of(_REQUIREMENTS, "peers")


def versions() -> str:
    """`name 1.2, ...` of what is measured."""
    asked = _REQUIREMENTS.with_suffix(".in").read_text()
    return ", ".join(" ".join(each) for each in re.findall(r"^([^#=\n]+)==(\S+)", asked, re.M))
