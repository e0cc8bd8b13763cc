"""equivalent.toml: the changes that change nothing which anybody could notice, with the reason."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("equivalent.toml")


@cache
def entries() -> list[dict[str, Any]]:
    """Each with `module`, `was`, `becomes` (one or several) and `why`."""
    found: list[dict[str, Any]] = tomllib.loads(_FILE.read_text())["equivalent"]
    return found


def is_known(module: str, was: str, becomes: str) -> bool:
    """Of the lines that a mutant took away, and those that it put in their place."""
    return any(
        entry["module"] == module
        and entry["was"].strip() == was
        and becomes in [one.strip() for one in entry["becomes"]]
        for entry in entries()
    )
