"""docs/commands.md: what is shown there is what the commands print, and how they end."""

import io
import os
import re
import shlex
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.utils import timezone

from sandbox import Sandbox
from tests.conftest import Configure, wrong
from tests.docs.pages import blocks, quoted, read, rows
from tests.verifications.providers.conftest import ACCOUNT
from verifications import checkup, rules
from verifications.exceptions import CodeIncorrect, Unavailable
from verifications.management import base
from verifications.models import DeliveryAttempt, ListEntry, Message
from verifications.services import send_code, verify_code

PAGE = read("docs/commands.md")
PHONE, IP = "13800138000", "203.0.113.7"
SHOWN = [block.removeprefix("$ python manage.py ") for block in blocks(PAGE, "console")]
OURS = sorted(name for name, app in get_commands().items() if app in {"dadashop", "verifications"})

pytestmark = pytest.mark.django_db(transaction=True)


def _run(command: str) -> tuple[int, str]:
    """(exit code, what it prints)"""
    out, code = io.StringIO(), 0
    name, *arguments = shlex.split(command)
    try:
        call_command(name, *arguments, stdout=out, stderr=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    except CommandError as error:
        code = error.returncode
    return code, out.getvalue()


@pytest.fixture
def parcels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configure: Configure) -> None:
    configure(QUIET_HOURS=None)
    lines = [f"{PHONE},D1001,顺丰,SF1,", "1380013800,D1002,顺丰,SF2,急"]
    header = "phone,order,company,number,备注"
    (tmp_path / "parcels.csv").write_text("\n".join([header, *lines]) + "\n")
    monkeypatch.chdir(tmp_path)


def _of_doctor(request: pytest.FixtureRequest) -> None:
    box = request.getfixturevalue("box")
    options = {**ACCOUNT, "base_url": box.url}
    backend = "verifications.providers.cloopen.Cloopen"
    request.getfixturevalue("configure")(
        PROVIDERS={"cloopen": {"BACKEND": backend, "OPTIONS": options}},
        PROVIDER_ORDER=["cloopen"],
        TEMPLATES={text: {"IDS": {"cloopen": text[-1]}} for text in ("default1", "shipped4")},
    )


def _of_show_phone(request: pytest.FixtureRequest) -> None:
    send_code(PHONE, "login", ip=IP)
    with pytest.raises(CodeIncorrect):
        verify_code(PHONE, "login", wrong(request.getfixturevalue("last_code")()), ip=IP)


def _of_unblock(request: pytest.FixtureRequest) -> None:
    _of_show_phone(request)
    ListEntry.objects.create(list="block", what="segment", value="138")
    rules.forget()


def _of_prune(request: pytest.FixtureRequest) -> None:
    then = timezone.now() - timedelta(days=91)
    message = Message.objects.create(
        phone=f"+86{PHONE}", kind="notice", template="shipped", status="sent",
        created_at=then, updated_at=then, expires_at=then, due_at=then,
    )  # fmt: skip
    DeliveryAttempt.objects.create(message=message, provider="cloopen", started_at=then)


def _of_parcels(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("parcels")


def _of_parcels_again(request: pytest.FixtureRequest) -> None:
    _of_parcels(request)
    _run("send_notices parcels.csv --template shipped")


SCENES: dict[str, Callable[[pytest.FixtureRequest], None]] = {
    "doctor": _of_doctor,
    f"show_phone {PHONE} --ip {IP}": _of_show_phone,
    f"unblock {PHONE}": _of_unblock,
    "send_notices parcels.csv --template shipped --dry-run": _of_parcels,
    "send_notices parcels.csv --template shipped --report refused.csv": _of_parcels,
    "send_notices parcels.csv --template shipped": _of_parcels_again,
    "prune_messages --older-than 90d": _of_prune,
}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.splitlines()[0])
def test_what_is_shown_is_what_is_printed(shown: str, request: pytest.FixtureRequest) -> None:
    command, _, printed = shown.partition("\n")
    assert command.split()[0] in OURS
    if command in SCENES:
        SCENES[command](request)
    assert _without_numbers(_run(command)[1]) == _without_numbers(printed)


def _without_numbers(text: str) -> str:
    """Times pass, and keys are made up."""
    return re.sub(r"[0-9a-f]{64}|\b\w{43,}\b|\d+", "#", text)


def test_every_scene_is_shown() -> None:
    assert {*SCENES} <= {shown.splitlines()[0] for shown in SHOWN}


def test_every_command_is_there() -> None:
    documented = [quoted(command)[0].split()[1] for command, _ in rows(PAGE, "command")]
    assert sorted(documented) == OURS


@pytest.mark.parametrize("name", OURS)
def test_every_command_has_manners(name: str) -> None:
    command: Any = load_command_class(get_commands()[name], name)
    assert isinstance(command, base.Command)
    parser = command.create_parser("manage.py", name)
    told = parser.format_help()
    assert "\nexamples:\n" in told
    assert "\n  130  ended by Ctrl-C\n" in told
    for typed, _ in command.examples:
        shell, _, words = typed.partition("manage.py ")
        assert re.fullmatch(r"(\w+=\w+ )?", shell)
        assert f"\n  {typed}\n" in told
        first, *arguments = shlex.split(re.split(r" [<>|]", words)[0])
        assert first == name
        parser.parse_args(arguments)


def test_every_line_of_the_doctor_is_explained() -> None:
    source = read("verifications/checkup.py")
    ours = [*re.findall(r'^        "(\w+)": (?:_|partial)', source, re.MULTILINE)]
    of_platforms = ["account", "template", *re.findall(r'f"{name} (breaker|receipts)"\]', source)]
    explained = [line for line, _ in rows(PAGE, "line")]
    assert explained == [*ours, *(f"*platform* {part}" for part in of_platforms)]
    assert f"{checkup._PATIENCE} seconds at most" in PAGE
    assert f"more than {checkup._SKEW} seconds" in PAGE


def test_every_exit_code(parcels: None, monkeypatch: pytest.MonkeyPatch) -> None:
    table = rows(PAGE, "exit code")
    told = {int(code): quoted(example)[0].removeprefix("manage.py ") for code, _, example in table}
    assert list(told) == list(base._CODES)
    pressed = told.pop(base.INTERRUPTED)
    assert {code: _run(example)[0] for code, example in told.items()} == {
        code: code for code in told
    }
    monkeypatch.setattr(timezone, "now", _pressing(timezone.now))
    # What a shell starts in its background ignores Ctrl-C, and tests may be.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert _run(pressed) == (base.INTERRUPTED, "Interrupted.\n")
    finally:
        signal.signal(signal.SIGINT, before)


def _pressing(now: Callable[[], Any]) -> Callable[[], Any]:
    def press() -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return now()

    return press


def test_what_is_away_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> Any:
        raise Unavailable from ConnectionError("s3cret")

    monkeypatch.setattr("verifications.scripts.run", gone)
    with pytest.raises(CommandError, match=r"out of reach; manage\.py doctor tells which\.$"):
        call_command("show_phone", PHONE)
