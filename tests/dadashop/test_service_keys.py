"""SERVICE_KEYS of the environment: plain or hashed, and hashed from then on."""

import json
import pprint
import subprocess
import sys
from pathlib import Path

import pytest

from dadashop.local_secrets import Hashed, hashed
from tests.live import ROOT, clean_environment
from verifications.service_keys import hash_of

PLAIN, OTHER = "a-plain-key-of-a-service-0123", "another-key-of-a-service-4567"

_ASK = """
import json, pprint, sys
import django
django.setup()
from django.conf import settings
from django.test import RequestFactory
from django.views.debug import technical_500_response
from django.core.checks import run_checks
try:
    raise LookupError
except LookupError:
    request = RequestFactory().get("/")
    page = technical_500_response(request, *sys.exc_info()).content.decode()
everything = {name: getattr(settings, name) for name in dir(settings)}
print(json.dumps({
    "shown": [pprint.pformat(everything), repr(vars(sys.modules["dadashop.settings"])), page],
    "hashes": settings.VERIFICATIONS["SERVICE_KEYS"],
    "ids": [check.id for check in run_checks(include_deployment_checks=True)],
}))
"""


@pytest.mark.parametrize("key", ["", "0" * 15, "0" * 16, PLAIN])
def test_a_plain_key_is_hashed_and_a_short_one_is_told(key: str) -> None:
    assert hashed([key]) == Hashed([hash_of(key)], guessable=len(key) < 16)


def test_a_hash_stays_as_it_is_a_wrong_one_too() -> None:
    """That one is told by a check, instead of being taken for a key."""
    keys = [hash_of(PLAIN), "sha256:0"]
    assert hashed(keys) == Hashed(keys, guessable=False)


def _ask(data_dir: Path, **environment: str) -> dict[str, list[str]]:
    run = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=ROOT,
        env=clean_environment(
            DJANGO_SETTINGS_MODULE="dadashop.settings",
            DADASHOP_DATA_DIR=str(data_dir),
            **environment,
        ),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told: dict[str, list[str]] = json.loads(run.stdout)
    return told


def test_no_setting_and_no_page_of_the_debugger_has_a_plain_key(tmp_path: Path) -> None:
    told = _ask(tmp_path, SERVICE_KEYS=f"{PLAIN},{hash_of(OTHER)}")
    assert told["hashes"] == [hash_of(PLAIN), hash_of(OTHER)]
    assert not {"verifications.E134", "dadashop.E009"} & {*told["ids"]}
    for shown in told["shown"]:
        assert "SERVICE_KEYS" in shown
        assert PLAIN not in shown


def test_a_developers_own_key_is_hashed_too(tmp_path: Path) -> None:
    told = _ask(tmp_path)
    key = (tmp_path / "service_key").read_text()
    assert told["hashes"] == [hash_of(key)]
    assert key not in pprint.pformat(told["shown"])


@pytest.mark.parametrize(
    ("keys", "number"), [("short", "dadashop.E009"), ("sha256:0", "verifications.E134")]
)
def test_a_wrong_key_is_told(keys: str, number: str, tmp_path: Path) -> None:
    assert number in _ask(tmp_path, SERVICE_KEYS=keys)["ids"]
