"""What is told of a push to /v1/receipts: why it is refused, and never its secret."""

import logging
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.conftest import Api, Configure
from tests.verifications.http.conftest import RECEIPT_SECRET, PushTo
from tests.verifications.http.reports import cloopen
from verifications import metrics, wsgi


def test_a_push_that_is_refused_is_told_to_the_platform_and_to_us(
    push: PushTo, caplog: pytest.LogCaptureFixture
) -> None:
    refused = metrics.RECEIPTS.labels("cloopen", "refused")
    before = refused._value.get()
    (error,) = push("cloopen", b"nonsense", {}).json()["errors"]
    assert (error.keys(), error["field"]) == ({"field", "message"}, "")
    assert error["message"] not in ("", "None")
    assert refused._value.get() - before == 1
    (said,) = [one for one in caplog.records if one.name == "verifications.receipts"]
    assert said.levelno == logging.WARNING
    assert said.getMessage() == f"cloopen: a push is refused: {error['message']}"


def test_where_its_secret_was_taken_out_of_the_path_it_counts_all_the_same(
    api: Api, configure: Configure, phone: str
) -> None:
    configure(RECEIPT_SECRET=[RECEIPT_SECRET])
    body, _ = cloopen(phone)
    for secret, status in ((RECEIPT_SECRET, 200), ("another", 404)):
        environ: dict[str, Any] = {wsgi.RECEIPT_SECRET: secret}
        answer = api.client.generic("POST", "/v1/receipts/cloopen/…", body, **environ)
        assert answer.status_code == status


def test_the_path_that_django_logs_of_a_failure_has_no_secret(
    push: PushTo, phone: str, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        answer = push("cloopen", *cloopen(phone))
    (said,) = [one for one in caplog.records if one.name == "django.request"]
    assert said.getMessage() == r"Service Unavailable: /v1/receipts/cloopen/\u2026"
    assert answer.wsgi_request.path_info == answer.wsgi_request.path == "/v1/receipts/cloopen/…"
