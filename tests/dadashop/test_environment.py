"""A variable that cannot be understood ends whatever starts with one line, which names it."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dadashop.environment import Env, told_plainly
from dadashop.platforms import PLATFORMS
from tests.live import ROOT, clean_environment

SECRET = "s3cret-of-somebody"
WRONG = [
    ("DADASHOP_DEBUG", "maybe", "1 or 0 is expected"),
    ("DADASHOP_DEBUG", "", "1 or 0 is expected"),
    ("DADASHOP_TRUSTED_PROXIES", "two", "a number from 0 to 10 is expected"),
    ("DADASHOP_TRUSTED_PROXIES", "11", "a number from 0 to 10 is expected"),
    ("DADASHOP_TRUSTED_PROXIES", "-1", "a number from 0 to 10 is expected"),
    ("DADASHOP_TEST_NUMBERS", f"+8613800138000={SECRET}", "entry 1 is not of the form"),
    ("DADASHOP_LOG_FORMAT", "xml", "one of text, json is expected"),
    ("DADASHOP_WORKER_METRICS_PORT", "70000", "a number from 0 to 65535 is expected"),
    ("DADASHOP_OTEL", "perhaps", "1 or 0 is expected"),
    ("REDIS_URL", f"http://:{SECRET}@redis", "redis://host:port/db"),
    ("REDIS_URL", f"redis://:{SECRET}@redis:port", "redis://host:port/db"),
    ("REDIS_URL", f"redis+sentinel://:{SECRET}@a:1", "redis://host:port/db"),
    ("REDIS_URL", f"redis+cluster://:{SECRET}@a", "redis://host:port/db"),
    ("REDIS_REPLICAS", "all", "a number from 0 to 9 is expected"),
    ("DATABASE_URL", SECRET, "postgres://user:password@host:5432/name"),
    ("DATABASE_URL", f"oracle://u:{SECRET}@h/db", "postgres://user:password@host:5432/name"),
    ("DATABASE_URL", f"postgres://u:{SECRET}@h:port/db", "postgres://user:password@host"),
    ("CELERY_BROKER_URL", f"sqs://{SECRET}", "one of redis, "),
    ("CLOOPEN_PULL_RECEIPTS", "sometimes", "1 or 0 is expected"),
    ("SANDBOX_PORT", "x", "a number from 0 to 65535 is expected"),
]


def _run(place: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=clean_environment(DADASHOP_DATA_DIR=str(place), **environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(("variable", "value", "words"), WRONG)
def test_one_line(variable: str, value: str, words: str, tmp_path: Path) -> None:
    done = _run(tmp_path, "manage.py", "check", **{variable: value})
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{variable}: ")
    assert words in line
    assert SECRET not in line


@pytest.mark.parametrize("name", PLATFORMS)
def test_half_an_account(name: str, tmp_path: Path) -> None:
    first = f"{name.upper()}_{next(iter(PLATFORMS[name].options))}"
    done = _run(tmp_path, "manage.py", "check", **{first: SECRET})
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{name.upper()}_")
    assert f"is not set, but {first} is" in line


@pytest.mark.parametrize("command", ["runlocal", "migrate", "doctor", "sweep"])
def test_every_command(command: str, tmp_path: Path) -> None:
    done = _run(tmp_path, "manage.py", command, DADASHOP_DEBUG="maybe")
    assert (done.returncode, done.stderr) == (1, "DADASHOP_DEBUG: 1 or 0 is expected\n")


@pytest.mark.parametrize("part", [["worker", "-P", "threads"], ["beat"]], ids=" ".join)
def test_celery(part: list[str], tmp_path: Path) -> None:
    done = _run(tmp_path, "-m", "celery", "-A", "dadashop", *part, DADASHOP_DEBUG="maybe")
    assert (done.returncode, done.stderr) == (1, "DADASHOP_DEBUG: 1 or 0 is expected\n")


def test_the_web(tmp_path: Path) -> None:
    done = _run(tmp_path, "-c", "import dadashop.wsgi", DADASHOP_DEBUG="maybe")
    assert (done.returncode, done.stderr) == (1, "DADASHOP_DEBUG: 1 or 0 is expected\n")


def test_traces_without_what_they_stand_on(tmp_path: Path) -> None:
    """As where requirements.txt alone is installed."""
    source = (
        "import runpy, sys; sys.modules['opentelemetry'] = None; sys.argv = ['manage.py', 'check'];"
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    done = _run(tmp_path, "-c", source, DADASHOP_OTEL="1")
    told = "DADASHOP_OTEL: opentelemetry is missing; install requirements-otel.txt\n"
    assert (done.returncode, done.stderr) == (1, told)


@pytest.mark.parametrize(
    ("word", "value"),
    [("1", True), ("true", True), ("YES", True), ("on", True), (" 0 ", False), ("False", False)],
)
def test_flags(word: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_FLAG", word)
    assert Env().flag("A_FLAG", default=not value) is value


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    assert Env().flag("NOWHERE", default=True) is True
    assert Env().number("NOWHERE", default=3, most=4) == 3
    assert Env().choice("NOWHERE", "a", "b", default="b") == "b"


def test_no_digits_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_NUMBER", "１")
    with pytest.raises(ImproperlyConfigured, match="A_NUMBER"):
        Env().number("A_NUMBER", default=0, most=9)


def test_other_failures_are_shown_as_they_are() -> None:
    with pytest.raises(LookupError), told_plainly():
        raise LookupError
