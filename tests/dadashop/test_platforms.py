"""Which texts the environment says that each platform has."""

import subprocess
import sys
from pathlib import Path

import pytest

from dadashop.environment import Env
from dadashop.platforms import PLATFORMS, TEXTS, templates
from tests.live import ROOT, clean_environment
from verifications.conf import Conf

Set = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: Set) -> None:
    for name in PLATFORMS:
        for variable in (*PLATFORMS[name].options, "TEMPLATE_ID"):
            monkeypatch.delenv(f"{name.upper()}_{variable}", raising=False)


def _ids(*order: str) -> dict[str, dict[str, str]]:
    return {text: known_as["IDS"] for text, known_as in templates(Env(), order).items()}


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_sandbox_has_every_text_of_a_platform_in_the_order_and_of_no_other(name: str) -> None:
    expected = {text: {name: PLATFORMS[name].templates[text], "locmem": text} for text in TEXTS}
    assert _ids(f"{name}:3") == expected


def test_an_own_account_has_what_is_set_and_the_test_template(monkeypatch: Set) -> None:
    monkeypatch.setenv("CLOOPEN_ACCOUNT_SID", "own")
    monkeypatch.setenv("CLOOPEN_TEMPLATE_PICKUP_CODE", "33")
    assert _ids("cloopen") == {
        "default": {"cloopen": "1", "locmem": "default"},
        "pickup_code": {"cloopen": "33", "locmem": "pickup_code"},
    }


def test_what_is_set_stands_there_for_routes_that_settings_name(monkeypatch: Set) -> None:
    monkeypatch.setenv("BAIDU_TEMPLATE_ID", "of-baidu")
    assert _ids("cloopen")["default"] == {
        "cloopen": "1",
        "baidu": "of-baidu",
        "locmem": "default",
    }


def test_locmem_alone_has_every_text() -> None:
    assert _ids("locmem") == {text: {"locmem": text} for text in TEXTS}


@pytest.mark.parametrize("purpose", Conf().purposes)
def test_a_purpose_may_have_a_text_of_its_own(purpose: str, monkeypatch: Set) -> None:
    monkeypatch.setenv(f"ALIYUN_TEMPLATE_{purpose.upper()}", "SMS_9")
    found = templates(Env(), ["cloopen", "aliyun"])
    assert found.keys() == {*TEXTS, purpose}
    ids = {"cloopen": "1", "aliyun": "SMS_9", "locmem": purpose}
    assert found[purpose] == {"IDS": ids, "PARAMS": TEXTS["default"]}


def _check(place: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=ROOT,
        env=clean_environment(DADASHOP_DATA_DIR=str(place), **environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stderr


def test_the_check_names_the_variable_of_codes_once(tmp_path: Path) -> None:
    account = {f"ALIYUN_{variable}": "own" for variable in PLATFORMS["aliyun"].options}
    told = _check(tmp_path, SMS_PROVIDERS="cloopen,aliyun", **account)
    assert told.count("E003") == 1
    assert told.count("ALIYUN_TEMPLATE_ID") == 1


def test_the_check_before_production_names_those_of_notices_in_one_line(tmp_path: Path) -> None:
    account = {f"CLOOPEN_{variable}": "own" for variable in PLATFORMS["cloopen"].options}
    told = _check(tmp_path, "--deploy", **account)
    (line,) = (line for line in told.splitlines() if "I001" in line)
    assert "CLOOPEN_TEMPLATE_SHIPPED, CLOOPEN_TEMPLATE_PICKUP_CODE: unset" in line
