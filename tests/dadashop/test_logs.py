"""Lines of the log: for people, or as JSON."""

import json
import logging
import re
import subprocess
import sys
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest

from dadashop.logs import FIELDS, Json, Text, WithRequestId
from tests.live import ROOT, clean_environment
from verifications import request_ids

PHONE = "13800138000"


def _record(
    message: str = "cloopen: took %d", context: Context | None = None, **more: Any
) -> logging.LogRecord:
    """Of no request, but for what `context` says."""
    record = logging.LogRecord("sms", logging.INFO, "x.py", 1, message, (1,), None)
    vars(record).update(more)
    (context or Context()).run(WithRequestId().filter, record)
    return record


def _failure() -> Any:
    try:
        raise LookupError(f"no {PHONE}")
    except LookupError:
        return sys.exc_info()


def _json(record: logging.LogRecord) -> dict[str, Any]:
    line = Json().format(record)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_json_has_the_time_in_utc() -> None:
    found = _json(_record(created=0.5))
    assert found == {
        "time": "1970-01-01T00:00:00.500000+00:00",
        "level": "INFO",
        "logger": "sms",
        "message": "cloopen: took 1",
    }


def test_json_has_the_request_id_and_what_else_a_line_tells() -> None:
    context = Context()
    context.run(request_ids.start, "request-of-this-test")
    found = _json(_record(context=context, provider="cloopen", code="", latency_ms=0))
    assert found["request_id"] == "request-of-this-test"
    assert (found["provider"], found["latency_ms"]) == ("cloopen", 0)
    assert "code" not in found


def test_json_has_nothing_that_others_hang_on_a_record() -> None:
    found = _json(_record(request=f"<WSGIRequest '/?q={PHONE}'>", data={"args": PHONE}))
    assert found.keys() == {"time", "level", "logger", "message"}


def test_chinese_is_readable() -> None:
    assert "达达" in Json().format(_record("达达 %d"))


@pytest.mark.parametrize("formatter", [Json(), Text(debug=False)])
def test_an_exception_is_told_by_type_and_place(formatter: logging.Formatter) -> None:
    line = formatter.format(_record(exc_info=_failure()))
    assert f"LookupError in {__file__}:" in line
    assert PHONE not in line


def test_where_debugging_is_on_people_see_all_of_it() -> None:
    line = Text(debug=True).format(_record(exc_info=_failure()))
    assert "Traceback" in line
    assert PHONE in line


def test_lines_for_people_name_the_request() -> None:
    assert Text(debug=True).format(_record()).endswith(" INFO sms - cloopen: took 1")


def test_every_field_is_used_and_every_one_used_is_a_field() -> None:
    """What a line hangs on its record in our own code."""
    used: set[str] = set()
    for file in [*ROOT.glob("verifications/**/*.py"), *ROOT.glob("dadashop/**/*.py")]:
        source = file.read_text()
        if "extra=" not in source:
            continue
        told = re.findall(r"(?:extra=|told(?:: [^=]+)? \|?= )(\{.*?\})", source, re.DOTALL)
        used |= {name for braces in told for name in re.findall(r'"(\w+)":', braces)}
    assert used | {"request_id", "error"} == set(FIELDS)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_process_writes_them(form: str, tmp_path: Path) -> None:
    source = (
        "import django, logging; django.setup();"
        "logging.getLogger('x').warning('hello', extra={'provider': 'cloopen'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        env=clean_environment(
            DJANGO_SETTINGS_MODULE="dadashop.settings",
            DADASHOP_LOG_FORMAT=form,
            DADASHOP_DATA_DIR=str(tmp_path),
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    if form == "json":
        assert json.loads(done.stderr)["provider"] == "cloopen"
    else:
        assert done.stderr.endswith(" WARNING x - hello\n")


def test_production_writes_json() -> None:
    source = "from django.conf import settings; print(settings.LOG_FORMAT)"
    for debug, form in (("1", "text"), ("0", "json")):
        environment = clean_environment(
            DJANGO_SETTINGS_MODULE="dadashop.settings", DADASHOP_DEBUG=debug
        )
        command = [sys.executable, "-c", source]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.stdout.strip() == form


def test_granian_writes_the_same() -> None:
    """In its own process, which knows of no settings."""
    source = """
import json, logging.config
told = json.load(open("dadashop/granian.json"))
handler = {"class": "logging.StreamHandler", "formatter": "generic"}
root = {"handlers": ["console"]}
logging.config.dictConfig({"version": 1, "handlers": {"console": handler}, "root": root, **told})
logging.warning("hello")
"""
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True)
    line = json.loads(done.stderr)
    assert line.keys() == {"time", "level", "logger", "message"}
    assert line["message"] == "hello"
