"""The command as an operator runs it."""

import subprocess
import sys
from pathlib import Path

from django.conf import LazySettings

from sandbox import Sandbox
from tests.live import ROOT, clean_environment, free_port
from tests.settings import VALKEY
from tests.verifications.providers.conftest import ACCOUNT


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
    redis_url = str(settings.REDIS_URL)
    run = _run(tmp_path, DATABASE_URL=nowhere, REDIS_URL=redis_url, SMS_PROVIDERS="locmem")
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
