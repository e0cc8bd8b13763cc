"""`manage.py check --deploy` refuses each local default that is unsafe, by its id."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.utils import timezone

from dadashop import checks
from dadashop.local_secrets import hashed
from dadashop.platforms import PLATFORMS, TEST_TEMPLATE, TEXTS
from tests.conftest import Configure
from tests.live import ROOT, clean_environment
from verifications import conf

HTTPS = "https://platform.example"


def _accounts(**changed: str) -> dict[str, Any]:
    """容联云 and 百度云 with accounts of their own, and `changed` in each."""
    found = {}
    for name in ("cloopen", "baidu"):
        keywords = [keyword for keyword, _ in PLATFORMS[name].options.values()]
        options = dict.fromkeys(keywords, "own") | {"base_url": HTTPS}
        options |= {key: value for key, value in changed.items() if key in options}
        found[name] = {"BACKEND": PLATFORMS[name].backend, "OPTIONS": options}
    return found


def _templates(**changed: dict[str, str]) -> dict[str, Any]:
    """Every text with an id of each platform, or with those of `changed`."""
    ids = {name: PLATFORMS[name].templates for name in ("cloopen", "baidu")}
    return {
        text: {"IDS": changed.get(text, {name: of[text] for name, of in ids.items()})}
        for text in TEXTS
    }


def _invented(name: str) -> dict[str, Any]:
    """The account that the sandbox plays."""
    keyword, value = next(iter(PLATFORMS[name].options.values()))
    return {"PROVIDERS": _accounts(**{keyword: value})}


def _lasting(days: int | None) -> dict[str, Any]:
    """A test number whose last day is so many days away."""
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    return {"TEST_NUMBERS": {"+8613800009999": {"CODE": "246810", "UNTIL": until}}}


# What is wrong -> what says so, and the variable that it names: of Django's settings ...
OF_DJANGO: list[tuple[str, str, dict[str, Any]]] = [
    ("E001", "DADASHOP_DEBUG", {"DEBUG": True}),
    ("E002", "DADASHOP_SECRET_KEY", {"SECRET_KEY": "django-insecure-" + "0" * 50}),
    ("E002", "DADASHOP_SECRET_KEY", {"SECRET_KEY": "0" * 49}),
    ("E003", "REDIS_URL", {"REDIS_URL": ""}),
    ("E004", "DADASHOP_ALLOWED_HOSTS", {"ALLOWED_HOSTS": ["127.0.0.1", "[::1]"]}),
    ("E009", "SERVICE_KEYS", {"SERVICE_KEYS": hashed(["0" * 32, "0" * 15])}),
    ("E005", "DATABASE_URL", {"ENGINE": "django.db.backends.sqlite3"}),
]
# ... and of VERIFICATIONS.
OF_OURS: list[tuple[str, str, dict[str, Any]]] = [
    ("E006", "CLOOPEN_ACCOUNT_SID", _invented("cloopen")),
    ("E006", "BAIDU_ACCESS_KEY_ID", {"ROUTES": {"US": ["baidu"]}, **_invented("baidu")}),
    ("E007", "SMS_PROVIDERS", {"PROVIDER_ORDER": ["cloopen:2", "locmem:1"]}),
    ("E008", "CLOOPEN_BASE_URL", {"PROVIDERS": _accounts(base_url="http://127.0.0.1:8883")}),
    ("E009", "RECEIPT_SECRET", {"RECEIPT_SECRET": ["0" * 15]}),
    ("E009", "RECEIPT_SECRET", {"RECEIPT_SECRET": ["0" * 32, "0" * 15]}),
    ("E010", "DADASHOP_TEST_NUMBERS", _lasting(None)),
    ("W001", "DADASHOP_TEST_NUMBERS", _lasting(367)),
    ("I001", "CLOOPEN_TEMPLATE_SHIPPED", {"TEMPLATES": _templates(shipped={"baidu": "2"})}),
]


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
    locmem = {"locmem": {"BACKEND": "verifications.providers.locmem.LocMem"}}
    monkeypatch.setenv("CLOOPEN_TEMPLATE_ID", TEST_TEMPLATE)
    configure(
        PROVIDERS={**_accounts(), **locmem}, PROVIDER_ORDER=["cloopen"], TEMPLATES=_templates()
    )
    return settings


def _ours() -> dict[str, str]:
    """{id: what it says} of our own checks, of all that `check --deploy` finds."""
    found = run_checks(include_deployment_checks=True)
    return {str(one.id): str(one) for one in found if str(one.id).startswith("dadashop.")}


def test_settings_of_production_pass(production: LazySettings) -> None:
    assert _ours() == {}


def test_a_test_number_that_ends_within_a_year_passes(
    production: LazySettings, configure: Configure
) -> None:
    configure(**_lasting(365))
    assert _ours() == {}


def _is_refused(number: str, variable: str) -> None:
    (said,) = _ours().items()
    assert said[0] == f"dadashop.{number}"
    assert re.search(rf" {variable}: .*\.\n\tHINT: ", said[1])


@pytest.mark.parametrize(("number", "variable", "change"), OF_DJANGO)
def test_an_unsafe_setting_of_django_is_refused(
    number: str,
    variable: str,
    change: dict[str, Any],
    production: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in change.items():
        if name == "ENGINE":
            monkeypatch.setitem(production.DATABASES["default"], name, value)
        else:
            setattr(production, name, value)
    _is_refused(number, variable)


@pytest.mark.parametrize(("number", "variable", "change"), OF_OURS)
def test_an_unsafe_setting_of_ours_is_refused(
    number: str,
    variable: str,
    change: dict[str, Any],
    production: LazySettings,
    configure: Configure,
) -> None:
    configure(**change)
    _is_refused(number, variable)


def test_the_account_of_a_platform_does_not_matter_where_it_is_not_used(
    production: LazySettings, configure: Configure
) -> None:
    configure(**_invented("baidu"))
    assert _ours() == {}
    configure(PROVIDERS={"other": {"BACKEND": "x"}}, PROVIDER_ORDER=["other"])
    assert checks.check_local_defaults() == []


def test_the_test_template_of_an_own_account_is_told_unless_it_is_meant(
    production: LazySettings, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLOOPEN_TEMPLATE_ID")
    _is_refused("I002", "CLOOPEN_TEMPLATE_ID")
    configure(TEMPLATES=_templates(default={"cloopen": "77"}))
    assert _ours() == {}
    own = {purpose: {"IDS": {"cloopen": "78"}} for purpose in conf.Conf().purposes}
    configure(TEMPLATES={**_templates(), **own})
    assert _ours() == {}


def test_settings_that_do_not_load_are_told_all_the_same(
    production: LazySettings, configure: Configure
) -> None:
    configure(CODE_LENGTH=1)
    production.ALLOWED_HOSTS = []
    ids = {one.id for one in run_checks(include_deployment_checks=True)}
    assert {"verifications.E101", "dadashop.E004"} <= ids


def test_every_id_is_covered_here() -> None:
    source = Path(checks.__file__).read_text()
    assert set(re.findall(r'"([EWI]\d{3})"', source)) == {
        *(number for number, *_ in OF_DJANGO + OF_OURS),
        "I002",  # of the environment alone
    }


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
        CLOOPEN_ACCOUNT_SID="8aaf0708000000009999999999999999",
        CLOOPEN_AUTH_TOKEN="0123456789abcdef0123456789abcdef",
        CLOOPEN_APP_ID="8aaf070800000000fedcba9876543210",
        CLOOPEN_TEMPLATE_ID="1001",
        CLOOPEN_TEMPLATE_SHIPPED="1002",
        CLOOPEN_TEMPLATE_PICKUP_CODE="1003",
    )
    assert (run.returncode, run.stderr) == (0, "")
