"""`manage.py replay_guard`, run on a file; addresses have a bound of three texts."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.conftest import Configure
from tests.verifications.replay_guard.past import HEADER

Told = Callable[..., Any]
Printed = Callable[..., str]


@pytest.fixture(autouse=True)
def _bounds(configure: Configure) -> None:
    bounds = {"ip": [3, 1.0]}
    configure(GUARD="off", GUARD_BOUNDS=bounds, CAPTCHA="adaptive", CAPTCHA_ABOVE={})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "asked.csv"


@pytest.fixture
def told(printed: Printed) -> Told:
    """told(rows, "--window", "60"): what the command says of them in JSON."""
    return lambda rows, *options, **more: json.loads(printed(rows, "--json", *options, **more))


@pytest.fixture
def printed(file: Path) -> Printed:
    """printed(rows, "--window", "60", header="time,…"): what the command says of them."""

    def run(rows: list[str], *options: str, header: str = HEADER) -> str:
        file.write_text("\n".join([header, *rows]) + "\n")
        out = io.StringIO()
        call_command("replay_guard", str(file), *options, stdout=out)
        return out.getvalue()

    return run
