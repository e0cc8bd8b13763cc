"""The API under requests made up from its own OpenAPI document, right ones and wrong ones."""

from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.conftest import Configure

SCHEMA = schemathesis.openapi.from_wsgi("/v1/openapi.json", WSGIHandler())


@pytest.fixture(autouse=True)
def _no_quota(configure: Configure) -> None:
    """What is asked for so often from one address is to be looked at, not to be refused."""
    configure(IP_LIMITS=[], GLOBAL_LIMITS=[])


@pytest.mark.django_db(transaction=True)  # a connection a request, as in a real server
@SCHEMA.parametrize()
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_is_one_of_the_document(case: schemathesis.Case[Any]) -> None:
    # A phone and a purpose are any text in the document; the refusals say which are meant.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
