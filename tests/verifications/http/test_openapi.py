"""The OpenAPI document says what is true: of the routes, the refusals and the answers."""

import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client
from django.urls import URLPattern

from tests.conftest import Api, wrong
from verifications import openapi, urls
from verifications.exceptions import VerificationError

# Of the table, what belongs to a part that is not built yet: captcha.
NOT_YET = {"captcha_required", "captcha_invalid"}


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    answer = client.get("/v1/openapi.json")
    assert answer["Content-Type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def _routes() -> set[str]:
    """As the document writes them."""
    patterns = [one for one in urls.urlpatterns if isinstance(one, URLPattern)]
    return {"/" + re.sub(r"<str:code_id>", "{id}", str(one.pattern)) for one in patterns}


def _operations() -> list[tuple[str, str]]:
    return [(path, method) for path, item in openapi.document()["paths"].items() for method in item]


def test_it_is_a_valid_openapi_document(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()


def test_each_schema_is_a_valid_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert names == document["components"]["schemas"].keys()


def test_all_routes_are_in_it_and_no_other(document: dict[str, Any]) -> None:
    assert document["paths"].keys() == _routes() - {"/v1/openapi.json"}


@pytest.mark.parametrize(("path", "method"), _operations())
def test_each_operation_has_the_method_of_its_route(path: str, method: str, client: Client) -> None:
    answer = client.trace(path)
    assert answer.status_code == 405
    assert answer["Allow"].lower().split(", ")[0] == method


def test_no_two_operations_share_a_name() -> None:
    paths = openapi.document()["paths"]
    names = [paths[path][method]["operationId"] for path, method in _operations()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "refusal",
    [row for row in VerificationError.__subclasses__() if row.code not in NOT_YET],
    ids=lambda row: row.code,
)
def test_each_refusal_stands_under_its_status(refusal: type[VerificationError]) -> None:
    statuses = set()
    for path, method in _operations():
        for status, answer in openapi.document()["paths"][path][method]["responses"].items():
            if f"`{refusal.code}`" in answer["description"]:
                statuses.add(int(status))
                assert list(answer["content"]) == ["application/problem+json"]
                assert ("Retry-After" in answer.get("headers", {})) == (status in {"429", "503"})
    assert statuses == {refusal.status}


def test_every_example_is_of_its_schema(document: dict[str, Any]) -> None:
    count = 0
    for schema in document["components"]["schemas"].values():
        for described in schema["properties"].values():
            for example in described.get("examples", []):
                jsonschema_rs.validate(described, example)
                count += 1
    assert count >= 6


def test_a_body_of_the_examples_is_accepted(document: dict[str, Any], api: Api) -> None:
    properties = document["components"]["schemas"]["SendCode"]["properties"]
    body = {name: one["examples"][0] for name, one in properties.items() if "examples" in one}
    assert api.post("/v1/verifications/codes", body).status_code == 202


def _validated(answer: Any, path: str, method: str = "post") -> Any:
    """An answer's body, which is of the shape that the document has for its status."""
    document = openapi.document()
    content = document["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    media = answer["Content-Type"]
    schema = {**content[media]["schema"], "components": document["components"]}
    jsonschema_rs.validate(schema, answer.json())
    return answer.json()


@pytest.mark.django_db
def test_real_answers_are_of_the_document(
    api: Api, phone: str, last_code: Callable[[], str]
) -> None:
    send, check = "/v1/verifications/codes", "/v1/verifications/verify"
    sent = _validated(api.send(phone), send)
    _validated(api.send(phone), send)  # cooldown
    _validated(api.send("123"), send)
    _validated(api.post(send, {}), send)
    _validated(api.client.get(f"{send}/{sent['id']}"), send + "/{id}", "get")
    _validated(api.client.get(f"{send}/x"), send + "/{id}", "get")
    _validated(api.verify(phone, wrong(last_code())), check)
    signed_in = _validated(api.verify(phone, last_code()), check)
    _validated(api.send(phone, "pickup"), send)  # cooldown
    headers = {"Authorization": f"Bearer {signed_in['token']}"}
    _validated(api.client.get("/v1/users/me", headers=headers), "/v1/users/me", "get")
    _validated(api.client.get("/v1/users/me"), "/v1/users/me", "get")
    _validated(api.client.get("/readyz"), "/readyz", "get")


def test_a_proof_is_of_the_document_too(api: Api, phone: str, last_code: Callable[[], str]) -> None:
    api.send(phone, "reset_password")
    answer = api.verify(phone, last_code(), "reset_password")
    assert _validated(answer, "/v1/verifications/verify")["proof"]


def test_a_made_up_member_would_be_seen() -> None:
    """That the check above can fail at all."""
    schema = openapi.document()["components"]["schemas"]["PendingCode"]
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, {"id": 1})
