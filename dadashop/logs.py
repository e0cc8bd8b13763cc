"""Logs: a line a record, for people or as JSON (DADASHOP_LOG_FORMAT).

An exception is told by its type and place, since its text and its frames may hold a phone or a
code; only where debugging is on do lines for people show all of it.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import msgspec

from verifications import request_ids
from verifications.exceptions import place_of

# What a line of JSON may hold beside time, level, logger and message. Nothing else that a library
# hangs on a record gets out: Django's hold requests, Celery's the arguments of tasks.
FIELDS = (
    "request_id",
    "message_id",
    "messages",
    "kind",
    "template",
    "status",
    "reason",
    "provider",
    "provider_request_id",
    "outcome",
    "code",
    "latency_ms",
    "route",
    "method",
    "limit",
    "guard",
    "scope",
    "window",
    "error",
)
_ENCODER = msgspec.json.Encoder(enc_hook=str)


def config(form: str, *, debug: bool) -> dict[str, Any]:
    """LOGGING in the form `text` or `json`."""
    formatter: dict[str, Any] = {"()": "dadashop.logs.Json"}
    if form == "text":
        formatter = {"()": "dadashop.logs.Text", "debug": debug}
    console = {
        "class": "logging.StreamHandler",
        "formatter": "line",
        "filters": ["request_id"],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "dadashop.logs.WithRequestId"}},
        "formatters": {"line": formatter},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # A refused code is a 4xx and no news; what refuses them is counted at /metrics.
            "django.request": {"level": "ERROR"},
            # A line for every task that comes and goes is no news either.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }


class WithRequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_ids.current() or "-"
        return True


class Text(logging.Formatter):
    def __init__(self, *, debug: bool) -> None:
        super().__init__("{asctime} {levelname} {name} {request_id} {message}", style="{")
        self._debug = debug

    def formatException(self, ei: Any) -> str:  # noqa: N802  (logging's name)
        return super().formatException(ei) if self._debug else place_of(ei[1])


class Json(logging.Formatter):
    """By hand, since every text and every task writes a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name in FIELDS:
            if (value := record.__dict__.get(name)) not in (None, "", "-"):
                line[name] = value
        if record.exc_info and record.exc_info[1]:
            line["error"] = place_of(record.exc_info[1])
        return _ENCODER.encode(line).decode()
