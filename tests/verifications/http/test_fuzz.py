"""The API under requests made up from its own OpenAPI document, right ones and wrong ones."""

from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)

from tests.conftest import Configure
from tests.verifications.http.conftest import RECEIPT_SECRET, SERVICE_KEY
from tests.verifications.http.reports import FORMATS
from verifications.service_keys import hash_of

SCHEMA = schemathesis.openapi.from_wsgi("/v1/openapi.json", WSGIHandler())

pytestmark = pytest.mark.django_db(transaction=True)  # a connection a request, as in a real server

thoroughly = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def _no_quota(configure: Configure) -> None:
    """What is asked for so often from one address is to be looked at, not to be refused."""
    configure(
        IP_LIMITS=[],
        GLOBAL_LIMITS=[],
        SERVICE_KEYS=[hash_of(SERVICE_KEY)],
        RECEIPT_SECRET=[RECEIPT_SECRET],
    )


@SCHEMA.parametrize()
@thoroughly
def test_every_answer_is_one_of_the_document(case: schemathesis.Case[Any]) -> None:
    ours = {"serviceKey": []} in case.operation.definition.raw.get("security", [])
    headers = {"Authorization": f"Bearer {SERVICE_KEY}"} if ours else None
    # A phone and a purpose are any text in the document; the refusals say which are meant.
    excluded: list[schemathesis.CheckFunction] = [positive_data_acceptance]
    if "mall" in (case.operation.tags or []):  # whose routes answer 200, whatever comes
        excluded += [negative_data_rejection, unsupported_method]
    case.call_and_validate(headers=headers, excluded_checks=excluded)


@given(data=st.data())
@thoroughly
@pytest.mark.parametrize("form", FORMATS)
def test_whoever_knows_the_secret_of_the_receipts_breaks_nothing(
    form: str, data: st.DataObject, client: Client
) -> None:
    provider, report, _ = FORMATS[form]
    body, headers = report("13800138000")
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    body = body[:start] + data.draw(st.binary(max_size=9)) + body[end:]
    answer = client.post(
        f"/v1/receipts/{provider}/{RECEIPT_SECRET}",
        body,
        content_type="application/json",
        headers={name: value for name, value in headers.items() if name != "Content-Type"},
    )
    assert answer.status_code in (200, 400)
