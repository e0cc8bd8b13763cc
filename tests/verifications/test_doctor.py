"""`manage.py doctor`: one line a check, exit code 1 if one fails, and never a secret."""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import OperationalError, connection

from dadashop.caches import cache_of
from sandbox import Sandbox
from tests.conftest import Configure
from tests.live import ROOT, clean_environment, free_port
from tests.verifications.providers.conftest import ACCOUNT

pytestmark = pytest.mark.django_db

NO_MONEY = {
    "account_sid": "8aaf0708000000000000000000000000",
    "auth_token": "0" * 32,
    "app_id": "8aaf07080000000000000000000000a0",
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(port=0) as running:
        yield running


@pytest.fixture
def cloopen(box: Sandbox, configure: Configure) -> Callable[..., None]:
    """cloopen(auth_token="x"): the only platform is 容联云, in the sandbox."""

    def use(templates: dict[str, Any] | None = None, **options: Any) -> None:
        options = {**ACCOUNT, "base_url": box.url, **options}
        backend = "verifications.providers.cloopen.Cloopen"
        configure(
            PROVIDERS={"cloopen": {"BACKEND": backend, "OPTIONS": options}},
            PROVIDER_ORDER=["cloopen"],
            TEMPLATES=templates or {"default": {"cloopen": "1"}},
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
    assert told == {
        "redis": "ok answers",
        "database": f"ok {connection.vendor}",
        "queue": "ok none: texts go out inside the request",
        "cloopen account": "ok balance 1000.00",
        "cloopen template 1": "ok approved",
    }


def test_a_platform_that_has_no_account_has_no_line() -> None:
    code, told = _doctor()
    assert code == 0
    assert told.keys() == {"redis", "database", "queue"}


def test_each_template_is_asked_for_once(cloopen: Callable[..., None]) -> None:
    cloopen({"default": {"cloopen": "1"}, "pickup": {"cloopen": "3"}, "login": {"cloopen": "1"}})
    code, told = _doctor()
    assert code == 0
    assert [name for name in told if "template" in name] == [
        "cloopen template 1",
        "cloopen template 3",
    ]


@pytest.mark.parametrize(
    ("template", "word"), [("4", "FAIL not approved"), ("999", "FAIL 1"), ("90001", "FAIL 1")]
)
def test_a_template_that_may_not_be_used(
    template: str, word: str, cloopen: Callable[..., None]
) -> None:
    cloopen({"default": {"cloopen": "1"}, "pickup": {"cloopen": template}})
    code, told = _doctor()
    assert code == 1
    assert told["cloopen template 1"] == "ok approved"
    assert told[f"cloopen template {template}"].startswith(word)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"auth_token": "s3cret" * 5}, "FAIL 1"),
        ({"account_sid": "8aaf0708000000009999999999999999"}, "FAIL 1"),
        (NO_MONEY, "FAIL balance 0.00"),
        ({"base_url": f"http://127.0.0.1:{free_port()}"}, "FAIL ConnectionError"),
    ],
    ids=["wrong token", "unknown account", "no money", "nobody there"],
)
def test_an_account_that_cannot_send(
    change: dict[str, str], word: str, cloopen: Callable[..., None]
) -> None:
    cloopen(**change)
    code, told = _doctor()
    assert code == 1
    assert told["cloopen account"].startswith(word)
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
    assert told["cloopen account"].startswith("ok")  # the rest is looked at all the same


def test_the_database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("password s3cret refused")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    code, told = _doctor()
    assert code == 1
    assert told["database"] == "FAIL OperationalError; check DATABASE_URL"


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
    assert [line[:4] for line in well.stdout.splitlines()] == ["ok  "] * 5
    ill = _run(
        tmp_path,
        REDIS_URL=f"redis://:s3cret@127.0.0.1:{free_port()}/0",
        CLOOPEN_BASE_URL=box.url,
        CLOOPEN_ACCOUNT_SID=str(ACCOUNT["account_sid"]),
        CLOOPEN_AUTH_TOKEN="s3cret" * 5,
        CLOOPEN_APP_ID=str(ACCOUNT["app_id"]),
    )
    assert ill.returncode == 1
    assert [line[:4] for line in ill.stdout.splitlines()] == ["FAIL", "ok  ", "ok  ", "FAIL"]
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
