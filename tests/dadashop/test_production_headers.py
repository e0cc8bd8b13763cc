"""With the settings of production: HSTS over https, the same on pages and API, none over http."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT, clean_environment

PATHS = (
    "/",
    "/v1/docs/problems",
    "/healthz",
    "/v1/users/me",
    "/v1/tokens/sms",
    "/v1/nothing",
    "/x",
)

# The settings are read once a process, so production is a process of its own.
_ASK = """
import json, sys
import django
django.setup()
from django.test import Client
client = Client(SERVER_NAME="mall.example", raise_request_exception=False)
def ask(path, **more):
    answer = client.get(path, **more)
    return [answer.status_code, {name.lower(): value for name, value in answer.headers.items()}]
paths = json.loads(sys.argv[1])
proxy = {"X-Forwarded-Proto": "https"}
print(json.dumps({
    "http": {path: ask(path) for path in paths},
    "https": {path: ask(path, secure=True) for path in paths},
    "proxy": {path: ask(path, headers=proxy) for path in paths},
}))
"""

Answers = dict[str, dict[str, tuple[int, dict[str, str]]]]


def _ask(data_dir: Path, **environment: str) -> Answers:
    run = subprocess.run(
        [sys.executable, "-c", _ASK, json.dumps(PATHS)],
        cwd=ROOT,
        env=clean_environment(
            DJANGO_SETTINGS_MODULE="dadashop.settings",
            DADASHOP_DEBUG="0",
            DADASHOP_SECRET_KEY="s" * 50,
            DADASHOP_ALLOWED_HOSTS="mall.example",
            DADASHOP_DATA_DIR=str(data_dir),
            REDIS_URL="redis://127.0.0.1:1/0",
            **environment,
        ),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers: Answers = json.loads(run.stdout)
    return answers


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return _ask(tmp_path_factory.mktemp("alone"))


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return _ask(tmp_path_factory.mktemp("proxy"), DADASHOP_TRUSTED_PROXIES="1")


def _policies(answers: dict[str, tuple[int, dict[str, str]]]) -> set[str | None]:
    return {headers.get("strict-transport-security") for _, headers in answers.values()}


def test_over_https_every_answer_asks_for_https_ever_after(alone: Answers) -> None:
    assert _policies(alone["https"]) == {"max-age=31536000; includeSubDomains; preload"}


def test_over_http_none_does(alone: Answers) -> None:
    assert _policies(alone["http"]) == {None}


def test_a_header_is_believed_of_our_own_proxy_alone(
    alone: Answers, behind_a_proxy: Answers
) -> None:
    assert _policies(alone["proxy"]) == {None}
    assert _policies(behind_a_proxy["proxy"]) == _policies(alone["https"])


def test_an_unknown_route_shows_no_page_of_the_debugger(alone: Answers) -> None:
    for path in ("/v1/nothing", "/x"):
        status, headers = alone["http"][path]
        assert (status, headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_other_headers_are_those_of_development(scheme: str, alone: Answers) -> None:
    for _, headers in alone[scheme].values():
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "set-cookie" not in headers
