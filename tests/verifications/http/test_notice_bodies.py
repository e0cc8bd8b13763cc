"""POST /v1/notices with what cannot be a notice: the answer names the field, nothing is sent."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.verifications.http.conftest import Service
from verifications.models import Message

PARAMS = {"order": "D1001", "company": "顺丰", "number": "SF1"}
GOOD = {"template": "shipped", "to": ["13800138000"], "params": PARAMS}


def _field(service: Service, body: Any) -> str:
    answer = service("/v1/notices", body)
    assert answer.status_code == 400
    assert not Message.objects.exists()
    problem = answer.json()
    assert problem["code"] == "invalid_request"
    (error,) = problem["errors"]
    assert error["message"]
    field: str = error["field"]
    return field


@pytest.mark.parametrize("template", ["", "nonsense", "default", "pickup_code", "login"])
def test_no_template_of_a_notice(template: str, service: Service) -> None:
    """A code's template is none: nobody texts a code of their own making."""
    assert _field(service, GOOD | {"template": template}) == "template"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": None}, "params.number"),
        ({"number": "x" * 501}, "params.number"),
        ({"number": "a\0b"}, ""),
        ({"more": "x"}, "params.more"),
        ({"code": "123456"}, "params.code"),
    ],
)
def test_params_that_do_not_fill_the_template(
    change: dict[str, str | None], field: str, service: Service
) -> None:
    params = {name: value for name, value in (PARAMS | change).items() if value is not None}
    assert _field(service, GOOD | {"params": params}) == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "13800138000"}, "to"),
        ({"to": None}, "to"),
        ({"to": [13800138000]}, "to[0]"),
        ({"to": [None]}, "to[0]"),
        ({"template": 1}, "template"),
        ({"params": []}, "params"),
        ({"params": {"order": 1}}, "params[...]"),
        ({"idempotency_key": "x"}, "idempotency_key"),
    ],
)
def test_a_member_of_the_wrong_type_or_name(
    change: dict[str, Any], field: str, service: Service
) -> None:
    assert _field(service, GOOD | change) == field


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_member(name: str, service: Service) -> None:
    assert _field(service, {key: value for key, value in GOOD.items() if key != name}) == name


def test_more_than_64_kilobytes_are_refused_unread(service: Service) -> None:
    body = json.dumps(GOOD | {"to": ["0086 138-0013-8000" + " " * 50] * 1000}).encode()
    assert len(body) > 64 * 1024
    assert _field(service, body) == ""


def test_without_the_database_nothing_is_promised(service: Service) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        answer = service("/v1/notices", GOOD)
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
