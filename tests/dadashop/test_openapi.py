"""The document of the whole product: that of verifications, and the mall's routes."""

import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client

from dadashop import mall as product
from dadashop import openapi
from tests.conftest import wrong
from tests.dadashop.mall import LOG_IN, REGISTER, ROUTES, SEND, Mall
from verifications import openapi as verifications


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/openapi.json").json()
    return found


def test_it_is_a_valid_openapi_document(document: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(document).validate()


def test_the_malls_routes_come_to_those_of_verifications(document: dict[str, Any]) -> None:
    theirs = verifications.document()["paths"]
    assert document["paths"].keys() == {*theirs, *ROUTES}
    assert {path: document["paths"][path] for path in theirs} == theirs


def test_every_reference_leads_somewhere(client: Client, document: dict[str, Any]) -> None:
    text = client.get("/v1/openapi.json").content.decode()
    names = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert names == document["components"]["schemas"].keys()


def _valid(content: dict[str, Any], value: Any, document: dict[str, Any]) -> None:
    schema = {**content["schema"], "components": document["components"]}
    jsonschema_rs.validate(schema, value)


@pytest.mark.parametrize("path", ROUTES)
def test_each_example_is_of_its_schema(path: str, document: dict[str, Any]) -> None:
    operation = document["paths"][path]["post"]
    asked = operation["requestBody"]["content"]["application/json"]
    answered = operation["responses"]["200"]["content"]["application/json"]
    for content in (asked, answered):
        for example in content["examples"].values():
            _valid(content, example["value"], document)
    told = answered["examples"]
    assert told.pop("done")["value"]["code"] == 200
    assert {code: one["value"]["code"] for code, one in told.items()}.items() <= (
        product.NUMBERS.items()
    )


@pytest.mark.parametrize("path", ROUTES)
def test_the_numbers_are_the_ones_in_the_code(path: str, document: dict[str, Any]) -> None:
    description = document["paths"][path]["post"]["description"]
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", description, re.MULTILINE)
    told = {code: int(number) for number, code in rows}
    assert told == {**product.NUMBERS, "internal_error": product.INTERNAL_ERROR}


@pytest.mark.django_db
def test_real_answers_are_of_the_document(
    mall: Mall, phone: str, new_phone: Callable[[], str], last_code: Callable[[], str]
) -> None:
    document = openapi.document()

    def check(path: str, told: dict[str, Any]) -> None:
        content = document["paths"][path]["post"]["responses"]["200"]["content"]
        _valid(content["application/json"], told, document)

    check(SEND, mall.send(phone))
    check(SEND, mall.send(phone))  # cooldown
    check(SEND, mall.send("1"))
    check(REGISTER, mall.register(phone, wrong(last_code())))
    check(REGISTER, mall.register(phone, last_code()))
    check(SEND, mall.send(known := new_phone(), purpose="login"))
    check(LOG_IN, mall.log_in(known, last_code()))
    check(LOG_IN, mall.log_in(known, last_code()))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ROUTES)
def test_a_body_of_the_examples_is_read(path: str, mall: Mall) -> None:
    document = openapi.document()
    content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    for example in content["examples"].values():
        assert mall.post(path, example["value"])["code"] in {200, product.NUMBERS["code_expired"]}
