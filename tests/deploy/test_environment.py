"""The variables of compose.yaml, the units and deploy/environment.example."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.test_commands import OURS, UNITS
from tests.docs.pages import quoted, read, rows
from tests.live import ROOT, clean_environment

EXAMPLE = dict(re.findall("^([A-Z_]+)=(.*)$", read("deploy/environment.example"), re.MULTILINE))
COMPOSES_OWN = {"POSTGRES_PASSWORD", "RABBITMQ_PASSWORD"}


def test_each_is_documented() -> None:
    page = read("docs/operations.md")
    documented = {name for cell, *_ in rows(page, "variable") for name in quoted(cell)}
    documented.add("PROMETHEUS_MULTIPROC_DIR")
    assert EXAMPLE.keys() - COMPOSES_OWN <= documented
    for unit in UNITS.values():
        assert {*re.findall("^Environment=([A-Z_]+)=", unit, re.MULTILINE)} <= documented
    for service in OURS.values():
        assert service["environment"].keys() <= documented


def test_composes_passwords_are_in_the_example() -> None:
    asked_for = re.findall(r"\$\{([A-Z_]+):\?\}", read("compose.yaml"))
    assert {*asked_for} == COMPOSES_OWN
    assert EXAMPLE.keys() >= COMPOSES_OWN


def test_the_example_holds_no_secret() -> None:
    for name, value in EXAMPLE.items():
        if re.search("KEY|SECRET|TOKEN|PASSWORD", name):
            assert value == "", name


def test_filled_in_it_is_fit_for_production() -> None:
    invented = "".join(map(chr, [*range(48, 58), *range(65, 91), *range(97, 123)]))
    environment = {name: value or invented for name, value in EXAMPLE.items()}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for name, unit in UNITS.items():
        here = unit.replace("/opt/dadashop/.venv/bin", str(Path(sys.executable).parent))
        here = here.replace("/usr/bin/curl", "/bin/true")
        (tmp_path / f"dadashop-{name}.service").write_text(here)
    done = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.glob("*.service")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
