"""`manage.py check --deploy` refuses each local default that is unsafe, by its id."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks

from dadashop import checks
from tests.conftest import Configure
from tests.live import ROOT, clean_environment

PROVOKED: dict[str, dict[str, Any]] = {
    "E001": {"DEBUG": True},
    "E002": {"SECRET_KEY": "django-insecure-for-development-on-one-machine-only"},
    "E003": {"REDIS_URL": ""},
    "E004": {"ALLOWED_HOSTS": ["127.0.0.1", "[::1]"]},
    "E005": {},  # these two are no settings of their own; the test changes a part of one
    "E006": {"CLOOPEN_ACCOUNT_SID": ""},
    "E007": {},
    "E008": {"CLOOPEN_BASE_URL": "http://127.0.0.1:8883"},
}


@pytest.fixture
def production(
    settings: LazySettings, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> LazySettings:
    """Settings that nothing is wrong with."""
    settings.DEBUG = False
    settings.SECRET_KEY = "not a word of this is known to anybody else, is it? 0123456789"
    settings.REDIS_URL = "redis://redis.example:6379/0"
    settings.ALLOWED_HOSTS = ["mall.example"]
    engine = "django.db.backends.postgresql"  # looked at, never connected to
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
    settings.CLOOPEN_ACCOUNT_SID = "8aaf0708000000000123456789abcdef"
    settings.CLOOPEN_BASE_URL = "https://app.cloopen.com:8883"
    configure(PROVIDER_ORDER=["cloopen"])
    return settings


def _ours() -> dict[str, str]:
    """{id: what it says} of our own checks, of all that `check --deploy` finds."""
    found = run_checks(include_deployment_checks=True)
    return {str(one.id): str(one) for one in found if str(one.id).startswith("dadashop.")}


def test_settings_of_production_pass(production: LazySettings) -> None:
    assert _ours() == {}


@pytest.mark.parametrize("number", PROVOKED)
def test_an_unsafe_default_is_refused(
    number: str, production: LazySettings, configure: Configure
) -> None:
    for name, value in PROVOKED[number].items():
        setattr(production, name, value)
    if number == "E005":
        production.DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"
    if number == "E007":
        configure(PROVIDER_ORDER=["cloopen", "locmem"])
    (said,) = _ours().items()
    assert said[0] == f"dadashop.{number}"
    assert re.search(r"(DADASHOP_|REDIS_|DATABASE_|CLOOPEN_|SMS_)[A-Z_]+: .*\.\n\tHINT: ", said[1])


def test_the_settings_of_cloopen_do_not_matter_where_it_is_not_used(
    production: LazySettings, configure: Configure
) -> None:
    production.CLOOPEN_ACCOUNT_SID = production.CLOOPEN_BASE_URL = ""
    configure(PROVIDERS={"other": {"BACKEND": "x"}}, PROVIDER_ORDER=["other"])
    assert checks.check_local_defaults() == []


def test_settings_that_do_not_load_are_told_all_the_same(
    production: LazySettings, configure: Configure
) -> None:
    configure(CODE_LENGTH=1)
    production.ALLOWED_HOSTS = []
    ids = {one.id for one in run_checks(include_deployment_checks=True)}
    assert {"verifications.E101", "dadashop.E004"} <= ids


def test_every_id_is_covered_here() -> None:
    source = Path(checks.__file__).read_text()
    assert set(re.findall(r'"(E\d{3})"', source)) == PROVOKED.keys()


def _check_deploy(data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=clean_environment(DADASHOP_DATA_DIR=str(data_dir), **environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_developers_machine_does_not_pass(tmp_path: Path) -> None:
    run = _check_deploy(tmp_path)
    assert run.returncode == 1
    for number in ("E001", "E002", "E003", "E004", "E005", "E006"):
        assert f"(dadashop.{number})" in run.stderr


def test_the_environment_of_production_passes_without_a_warning(tmp_path: Path) -> None:
    run = _check_deploy(
        tmp_path,
        DADASHOP_DEBUG="0",
        DADASHOP_SECRET_KEY="kW3-not-a-word-of-this-is-known-to-anybody-else-0123456789",
        DADASHOP_ALLOWED_HOSTS="mall.example",
        DATABASE_URL="postgres://mall:pw@db.example/mall",
        REDIS_URL="redis://redis.example:6379/0",
        CLOOPEN_ACCOUNT_SID="8aaf0708000000000123456789abcdef",
        CLOOPEN_AUTH_TOKEN="0123456789abcdef0123456789abcdef",
        CLOOPEN_APP_ID="8aaf070800000000fedcba9876543210",
    )
    assert (run.returncode, run.stderr) == (0, "")
