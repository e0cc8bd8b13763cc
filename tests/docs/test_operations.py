"""docs/operations.md: what it tells to type. Its tables are in test_tables.py."""

import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class

from dadashop.caches import cache_of
from dadashop.processes import Child
from tests.deploy.test_commands import UNITS, test_a_command_is_one
from tests.docs.pages import blocks, read
from tests.live import ROOT, clean_environment, free_port

PAGE = read("docs/operations.md")
SERVER, SWEEP, WORKERS, REDIS, RESTART, NOTICES, SHOPPER, PRUNE = blocks(PAGE, "sh")
PHONE = "13800138000"


def _manage(command: str) -> list[str]:
    """What follows manage.py."""
    python, manage, *arguments = shlex.split(command, comments=True)
    assert (python, manage) == ("python", "manage.py")
    return arguments


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Of the server that the page starts, on a port of ours."""
    export, command = SERVER.splitlines()
    variable, metrics = shlex.split(export, comments=True)[1].split("=")
    assert metrics.startswith("/run/")
    port = str(free_port())
    program, *arguments = shlex.split(command.replace("0.0.0.0", "127.0.0.1"))
    arguments[arguments.index("--port") + 1] = port
    environment = {variable: str(tmp_path), "DADASHOP_DATA_DIR": str(tmp_path)}
    server = Child(
        [sys.executable, "-m", program, *arguments],
        clean_environment(REDIS_URL=settings.REDIS_URL, **environment),
    )
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.mark.live
def test_the_server_answers(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            assert requests.get(f"{address}/healthz", timeout=5).ok
            break
        except requests.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.parametrize("command", WORKERS.splitlines())
def test_a_worker_is_one_of_the_units(command: str) -> None:
    """tests/queue runs those."""
    test_a_command_is_one(shlex.split(command))
    assert any(f"/{command}\n" in unit for unit in UNITS.values())


@pytest.mark.parametrize("line", REDIS.splitlines())
def test_an_address_of_redis_is_understood(line: str, tmp_path: Path) -> None:
    """tests/redis asks such ones."""
    name, _, url = shlex.split(line)[1].partition("=")
    assert name == "REDIS_URL"
    assert cache_of(url, tmp_path)["OPTIONS"]


def test_what_is_restarted_is_there() -> None:
    migrate, *restarts = RESTART.splitlines()
    assert _manage(migrate)[0] in get_commands()
    for line in restarts:
        for command in line.split(" && "):
            systemctl, restart, *units = command.split()
            assert (systemctl, restart) == ("systemctl", "restart")
            for unit in units:
                name, at, _ = unit.partition("@")
                assert (ROOT / f"deploy/systemd/{name}{at}.service").exists(), unit


def test_the_sweep_takes_its_options() -> None:
    """tests/verifications/test_sweep.py runs it."""
    name, *arguments = _manage(SWEEP)
    parser = load_command_class("verifications", name).create_parser("manage.py", name)
    assert parser.parse_args(arguments).every == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", [*NOTICES.splitlines(), *SHOPPER.splitlines(), PRUNE])
def test_a_command_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parcels.csv").write_text(f"phone,order,company,number\n{PHONE},D1001,顺丰,SF1\n")
    monkeypatch.chdir(tmp_path)
    call_command(*_manage(command))
