"""`manage.py doctor`: one line a check, exit code 1 if one fails, and never a secret."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from dadashop import platforms
from dadashop.caches import cache_of
from dadashop.environment import Env
from sandbox import Sandbox
from tests.conftest import Configure
from tests.live import ROOT, clean_environment, free_port
from tests.settings import VALKEY
from tests.verifications.conftest import SetBudget
from tests.verifications.providers.conftest import ACCOUNT
from verifications import breakers, budgets, checkup, store
from verifications.models import DeliveryAttempt, Message

NO_MONEY = {
    "account_sid": "8aaf0708000000000000000000000000",
    "auth_token": "0" * 32,
    "app_id": "8aaf07080000000000000000000000a0",
}


OURS = {"redis", "clock", "database", "queue", "late", "guard", "budget", "receipts"}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture
def cloopen(box: Sandbox, configure: Configure) -> Callable[..., None]:
    """cloopen(auth_token="x"): the only platform is 容联云, in the sandbox."""

    def use(templates: dict[str, str] | None = None, **options: Any) -> None:
        options = {**ACCOUNT, "base_url": box.url, **options}
        backend = "verifications.providers.cloopen.Cloopen"
        configure(
            PROVIDERS={"cloopen": {"BACKEND": backend, "OPTIONS": options}},
            PROVIDER_ORDER=["cloopen"],
            TEMPLATES={
                text: {"IDS": {"cloopen": id_}}
                for text, id_ in (templates or {"default": "1"}).items()
            },
        )

    return use


def _doctor() -> tuple[int, dict[str, str]]:
    """(exit code, {check: `ok …` or `FAIL …`})."""
    out = io.StringIO()
    code = 0
    try:
        call_command("doctor", stdout=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    text = out.getvalue()
    for secret in (ACCOUNT["auth_token"], "sig=", "s3cret"):
        assert secret not in text
    lines = [re.fullmatch(r"(ok  |FAIL) ([^:]+): (.+)", line) for line in text.splitlines()]
    assert all(lines), text
    return code, {line[2]: f"{line[1].strip()} {line[3]}" for line in lines if line}


def test_all_is_well(cloopen: Callable[..., None]) -> None:
    cloopen()
    code, told = _doctor()
    assert code == 0
    assert told.pop("clock").startswith("ok ")
    assert told == {
        "redis": "ok answers",
        "database": f"ok {connection.vendor}",
        "queue": "ok none: texts go out inside the request",
        "late": "ok no text has waited for longer than a minute",
        "guard": "ok record: suspicious texts are told of, none is refused; captcha: adaptive",
        "budget": "ok none set",
        "receipts": "ok RECEIPT_SECRET is set",
        "cloopen account": "ok balance 1000.00",
        "cloopen template 1": "ok approved",
        "cloopen breaker": "ok closed",
    }


def test_a_platform_that_has_no_account_has_no_line() -> None:
    code, told = _doctor()
    assert code == 0
    assert told.keys() == OURS | {"locmem breaker"}


def test_each_template_is_asked_for_once(cloopen: Callable[..., None]) -> None:
    cloopen({"default": "1", "pickup": "3", "login": "1"})
    code, told = _doctor()
    assert code == 0
    assert [name for name in told if "template" in name] == [
        "cloopen template 1",
        "cloopen template 3",
    ]


@pytest.mark.parametrize(
    ("template", "word"),
    [("4", "FAIL not approved; check its id"), ("999", "FAIL 1"), ("90001", "FAIL 1")],
)
def test_a_template_that_may_not_be_used(
    template: str, word: str, cloopen: Callable[..., None]
) -> None:
    cloopen({"default": "1", "pickup": template})
    code, told = _doctor()
    assert code == 1
    assert told["cloopen template 1"] == "ok approved"
    assert told[f"cloopen template {template}"].startswith(word)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"auth_token": "s3cret" * 5}, "FAIL 1.*; check the variables CLOOPEN_… and this"),
        ({"account_sid": "8aaf0708000000009999999999999999"}, "FAIL 1.*; check the variables"),
        (NO_MONEY, "FAIL balance 0.00; top it up"),
        (
            {"base_url": f"http://127.0.0.1:{free_port()}"},
            "FAIL ConnectionError .*; is the sandbox there. Name its port in SANDBOX_PORT",
        ),
        (
            {"base_url": f"https://sms.invalid:{free_port()}"},
            "FAIL ConnectionError .*; check CLOOPEN_BASE_URL, and that a firewall",
        ),
    ],
    ids=["wrong token", "unknown account", "no money", "no sandbox", "nobody there"],
)
def test_an_account_that_cannot_send(
    change: dict[str, str], word: str, cloopen: Callable[..., None]
) -> None:
    cloopen(**change)
    code, told = _doctor()
    assert code == 1
    assert re.match(word, told["cloopen account"])
    assert told["redis"] == "ok answers"
    assert "cloopen template 1" not in told  # it would only say the same again


def test_redis_away(
    cloopen: Callable[..., None], settings: LazySettings, configure: Configure, tmp_path: Path
) -> None:
    away = cache_of(f"redis://:s3cret@127.0.0.1:{free_port()}/0", tmp_path)
    settings.CACHES = {**settings.CACHES, "away": away}
    cloopen()
    configure(REDIS_ALIAS="away")
    code, told = _doctor()
    assert code == 1
    assert told["redis"] == "FAIL ConnectionError; check REDIS_URL"
    assert told["clock"] == "FAIL unknown without Redis and the database; see above"
    assert told["cloopen account"].startswith("ok")  # the rest is looked at all the same


def test_the_database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("password s3cret refused")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "ensure_connection", refuse)
        code, told = _doctor()
    assert code == 1
    assert told["database"] == "FAIL OperationalError; check DATABASE_URL"


def test_without_receipts(configure: Configure) -> None:
    configure(RECEIPT_SECRET=[])
    code, told = _doctor()
    assert (code, told["receipts"]) == (0, "ok none: RECEIPT_SECRET is not set")


def test_what_is_spent_of_each_budget(set_budget: SetBudget) -> None:
    set_budget("", hourly="0.10", daily=100)
    budgets.take("locmem", 1)
    code, told = _doctor()
    assert (code, told["budget of everyone, this hour"]) == (0, "ok 0.05 of 0.10 yuan is spent")
    budgets.take("locmem", 1)
    code, told = _doctor()
    assert (code, told["budget of everyone, this hour"]) == (
        1,
        "FAIL 0.10 of 0.10 yuan is spent; wait for the next hour, or raise it at /admin/ (预算)",
    )
    assert told["budget of everyone, this day"] == "ok 0.10 of 100.00 yuan is spent"


def test_what_is_spent_is_unknown_without_redis(
    set_budget: SetBudget, settings: LazySettings, configure: Configure, tmp_path: Path
) -> None:
    set_budget("", hourly=1)
    away = cache_of(f"redis://127.0.0.1:{free_port()}/0", tmp_path)
    settings.CACHES = {**settings.CACHES, str(tmp_path): away}
    configure(REDIS_ALIAS=str(tmp_path))
    code, told = _doctor()
    assert code == 1
    assert told["budget"] == "FAIL unknown without Redis and the database; see above"


def test_as_a_list_for_a_program(
    cloopen: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    cloopen(**NO_MONEY)
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", "--json")
    found = json.loads(capsys.readouterr().out)
    assert {tuple(check) for check in found} == {("name", "ok", "detail", "hint")}
    failed = [check for check in found if not check["ok"]]
    assert [check["name"] for check in failed] == ["cloopen account"]
    assert failed[0]["hint"].startswith("top it up")
    assert not any(check["hint"] for check in found if check["ok"])


def test_a_clock_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds, word in (
        (60, r"FAIL (60|5\d) seconds ahead of Redis; set both"),
        (-60, r"FAIL 6\d seconds behind Redis; set both"),
        (0, "ok "),
    ):
        now = SimpleNamespace(time=lambda ahead=seconds: time.time() + ahead)
        monkeypatch.setattr(checkup, "time", now)
        assert re.match(word, _doctor()[1]["clock"])


def test_a_text_that_is_late(
    queued_notice: Callable[..., Message], travel: Callable[[float], None]
) -> None:
    now = timezone.now()
    queued_notice(due_at=now + timedelta(hours=8))  # of the quiet hours
    queued_notice(due_at=now)
    assert _doctor()[0] == 0
    travel(190)
    code, told = _doctor()
    assert code == 1
    assert told["late"] == (
        "FAIL queued texts that should be gone: 1, the first for 3 min; "
        "is manage.py sweep --every 5 running?"
    )


def test_a_code_that_no_worker_takes(
    queued_code: Callable[[], Message], travel: Callable[[float], None]
) -> None:
    """Beat puts it into the queue again and again, so it is never due for long."""
    message = queued_code()
    travel(70)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + timedelta(seconds=9))
    told = _doctor()[1]
    assert told["late"].endswith("1 min; are beat and a worker of each queue running?")
    Message.objects.filter(pk=message.pk).update(rounds=1)  # a worker did, and no platform
    assert _doctor()[1]["late"].startswith("ok")


def test_a_breaker_that_is_open(cloopen: Callable[..., None], configure: Configure) -> None:
    cloopen()
    configure(BREAKER=[1, 15])
    breakers.report("cloopen", ok=False)
    told = _doctor()[1]["cloopen breaker"]
    assert re.fullmatch("FAIL open: too many texts failed, nobody asks it for 1[45] s; .*", told)
    breakers.report("cloopen", ok=True)
    assert _doctor()[1]["cloopen breaker"] == "ok closed"


@pytest.mark.parametrize(
    ("taken", "reported", "told"),
    [
        (19, 0, "ok 0 of the latest 19 texts were reported on"),
        (20, 0, "FAIL 0 of the latest 20 texts were reported on; enter the URL of docs/"),
        (20, 1, "ok 1 of the latest 20 texts were reported on"),
        (0, 0, ""),
    ],
)
def test_reports_that_do_not_come(
    taken: int,
    reported: int,
    told: str,
    cloopen: Callable[..., None],
    queued_notice: Callable[..., Message],
) -> None:
    cloopen()
    then = timezone.now() - timedelta(minutes=11)
    for number in range(taken):
        message = queued_notice(created_at=then, status="sent")
        DeliveryAttempt.objects.create(
            message=message,
            provider="cloopen",
            outcome="sent",
            arrival="delivered" if number < reported else "",
            started_at=then,
        )
    assert _doctor()[1].get("cloopen receipts", "").startswith(told)


def test_a_part_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "_PATIENCE", 1)
    monkeypatch.setattr(store, "ping", lambda: signal.pause())
    code, told = _doctor()
    assert (code, told["redis"]) == (1, "FAIL no answer in 1 seconds; is a firewall in between?")
    assert told["database"].startswith("ok")


def test_a_part_with_a_bug_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise LookupError("s3cret")

    monkeypatch.setattr(store, "ping", fail)
    code, told = _doctor()
    assert code == 1
    assert told["redis"].startswith("FAIL LookupError in ")
    assert told["database"].startswith("ok")


def test_every_platform_of_any_order_is_asked(box: Sandbox, configure: Configure) -> None:
    configure(
        PROVIDERS=platforms.providers(Env(), box.url),
        PROVIDER_ORDER=["cloopen:2", "aliyun:1"],
        ROUTES={"shipped": ["tencent"], "US": ["baidu"]},
    )
    code, told = _doctor()
    assert code == 0
    asked = {name.split()[0] for name in told}
    asked -= OURS
    assert asked == {"cloopen", "aliyun", "tencent", "baidu"}


def _run(
    data_dir: Path, *, command: str = "doctor", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=clean_environment(DADASHOP_DATA_DIR=str(data_dir), NO_COLOR="1", **environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_as_an_operator_runs_it(
    box: Sandbox, tmp_path: Path, settings: LazySettings
) -> None:
    redis_url = str(settings.REDIS_URL)
    new = _run(tmp_path, REDIS_URL=redis_url, SANDBOX_URL=box.url)
    assert "FAIL database: tables are missing; run manage.py migrate\n" in new.stdout
    _run(tmp_path, command="migrate", REDIS_URL=redis_url)
    well = _run(tmp_path, REDIS_URL=redis_url, SANDBOX_URL=box.url)
    assert (well.returncode, well.stderr) == (0, "")
    assert {line[:4] for line in well.stdout.splitlines()} == {"ok  "}
    ill = _run(
        tmp_path,
        REDIS_URL=f"redis://:s3cret@127.0.0.1:{free_port()}/0",
        CLOOPEN_BASE_URL=box.url,
        CLOOPEN_ACCOUNT_SID="8aaf0708000000009999999999999999",
        CLOOPEN_AUTH_TOKEN="s3cret" * 5,
        CLOOPEN_APP_ID=str(ACCOUNT["app_id"]),
    )
    assert ill.returncode == 1
    failed = [line.split(":")[0] for line in ill.stdout.splitlines() if line[:4] == "FAIL"]
    assert failed == ["FAIL redis", "FAIL clock", "FAIL cloopen account", "FAIL cloopen breaker"]
    assert "s3cret" not in ill.stdout + ill.stderr
    assert "Traceback" not in ill.stderr


def test_a_database_that_is_not_there(tmp_path: Path, settings: LazySettings) -> None:
    nowhere = f"postgres://mall:s3cret@127.0.0.1:{free_port()}/mall"
    run = _run(
        tmp_path,
        DATABASE_URL=nowhere,
        REDIS_URL=str(settings.REDIS_URL),
        SMS_PROVIDERS="locmem",
    )
    assert run.returncode == 1
    assert "FAIL database: OperationalError; check DATABASE_URL" in run.stdout
    assert "s3cret" not in run.stdout + run.stderr


def test_a_broker_that_answers_and_one_that_does_not(
    settings: LazySettings, tmp_path: Path
) -> None:
    """The Valkey of the tests is as good a broker as any."""
    redis_url = str(settings.REDIS_URL)
    here = f"redis+socket://{VALKEY}"
    nowhere = f"amqp://mall:s3cret@127.0.0.1:{free_port()}//"
    runs = [
        _run(tmp_path, REDIS_URL=redis_url, SMS_PROVIDERS="locmem", CELERY_BROKER_URL=broker)
        for broker in (here, nowhere)
    ]
    assert "ok   queue: the broker answers\n" in runs[0].stdout
    assert "FAIL queue: OperationalError; check CELERY_BROKER_URL\n" in runs[1].stdout
    assert runs[1].returncode == 1
    assert "s3cret" not in runs[1].stdout + runs[1].stderr
