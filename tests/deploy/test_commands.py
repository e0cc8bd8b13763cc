"""Whatever compose.yaml, the Dockerfile and the systemd units start is there and takes it so."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.app.utils import find_app
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management import get_commands
from granian.cli import cli as granian

from tests.docs.pages import read
from tests.live import ROOT
from verifications import tasks

UNITS = {
    path.stem.removeprefix("dadashop-"): path.read_text()
    for path in (ROOT / "deploy/systemd").glob("*.service")
}
SERVICES: dict[str, Any] = yaml.safe_load(read("compose.yaml"))["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "dadashop"}


def _of_unit(name: str) -> list[str]:
    (line,) = re.findall("^ExecStart=(.*)$", UNITS[name], re.MULTILINE)
    path, *arguments = shlex.split(line.replace("%i", "8000"))
    return [Path(path).name, *arguments]


def _of_image() -> list[str]:
    (command,) = re.findall(r"^CMD (.*?\])$", read("Dockerfile"), re.MULTILINE | re.DOTALL)
    found: list[str] = json.loads(command.replace("\\\n", ""))
    return found


def _of_service(name: str) -> list[str]:
    command = OURS[name].get("command")
    return shlex.split(command) if command else _of_image()


COMMANDS = [*map(_of_unit, UNITS), *map(_of_service, OURS)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_is_one(command: list[str]) -> None:
    program, *arguments = command
    if program == "python":
        assert arguments[0] == "manage.py"
        assert arguments[1] in get_commands()
    elif program == "granian":
        granian.make_context("granian", arguments)
    else:
        _app, dadashop, part, *options = arguments
        assert (program, find_app(dadashop).main) == ("celery", "dadashop")
        {"worker": worker, "beat": beat}[part].make_context(part, options, obj=_Silent())


class _Silent:
    """What the options of celery's commands ask the program itself for."""

    app = find_app("dadashop")
    style = error = echo = staticmethod(lambda text, **_: text)


def test_every_queue_has_a_worker_of_its_own() -> None:
    for names, command in ((UNITS, _of_unit), (OURS, _of_service)):
        workers = [command(name) for name in names if name.startswith("worker")]
        queues = sorted(words[words.index("-Q") + 1] for words in workers)
        assert queues == [tasks.CODES, tasks.NOTICES]


@pytest.mark.parametrize("name", ["worker-codes", "worker-notices", "beat"])
def test_compose_starts_what_systemd_starts(name: str) -> None:
    """tests/queue runs that."""
    assert _of_service(name) == _of_unit(name)


def test_the_image_copies_what_is_there_and_no_more() -> None:
    sources = re.findall(r"^COPY (\S+) ", read("Dockerfile"), re.MULTILINE)
    let_in = re.findall(r"^!(\S+)$", read(".dockerignore"), re.MULTILINE)
    assert sorted(sources) == sorted(let_in)
    assert all((ROOT / source).exists() for source in sources)
    assert read(".dockerignore").splitlines()[1] == "*"
