"""The OpenAPI document says what is true: of the routes, the refusals and the answers."""

import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client, RequestFactory
from django.urls import URLPattern
from django.utils import translation

from tests.conftest import Api, wrong
from tests.verifications.http.conftest import PushTo, Service
from tests.verifications.http.reports import FORMATS
from verifications import openapi, urls, views
from verifications.exceptions import VerificationError


@pytest.fixture
def document(rf: RequestFactory) -> dict[str, Any]:
    """As any project serves it; dadashop adds routes of its own."""
    answer = views.openapi_document(rf.get("/v1/openapi.json"))
    assert answer["Content-Type"] == "application/json"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def _routes() -> set[str]:
    """As the document writes them."""
    patterns = [one for one in urls.urlpatterns if isinstance(one, URLPattern)]
    return {"/" + re.sub(r"<str:(?:code_)?(\w+)>", r"{\1}", str(one.pattern)) for one in patterns}


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


@pytest.mark.parametrize("refusal", VerificationError.__subclasses__(), ids=lambda row: row.code)
def test_each_refusal_stands_under_its_status(refusal: type[VerificationError]) -> None:
    statuses = set()
    for path, method in _operations():
        for status, answer in openapi.document()["paths"][path][method]["responses"].items():
            if f"`{refusal.code}`" in answer["description"]:
                statuses.add(int(status))
                assert list(answer["content"]) == ["application/problem+json"]
                assert ("Retry-After" in answer.get("headers", {})) == (status in {"429", "503"})
    assert statuses == {refusal.status}


def test_every_body_and_answer_has_examples_of_its_schema(document: dict[str, Any]) -> None:
    count = 0
    for path, method in _operations():
        operation = document["paths"][path][method]
        parts = [*operation["responses"].values(), operation.get("requestBody", {})]
        for content in (content for part in parts for content in part.get("content", {}).values()):
            assert content["examples"], path
            schema = {**content.get("schema", {}), "components": document["components"]}
            for example in content["examples"].values():
                jsonschema_rs.validate(schema, example["value"])
                count += 1
    assert count > 70


def test_a_refusals_example_is_named_by_its_code(document: dict[str, Any]) -> None:
    for path, method in _operations():
        for status, answer in document["paths"][path][method]["responses"].items():
            problems = answer["content"].get("application/problem+json")
            for code, example in (problems or {"examples": {}})["examples"].items():
                assert (example["value"]["code"], str(example["value"]["status"])) == (code, status)
                assert f"`{code}`" in answer["description"]


def test_a_pickup_codes_refusals_speak_of_it(document: dict[str, Any]) -> None:
    redeem = document["paths"]["/v1/pickup-codes/redeem"]["post"]
    content = redeem["responses"]["400"]["content"]["application/problem+json"]
    assert "提货码" in content["examples"]["code_incorrect"]["value"]["detail"]


def test_whoever_asks_first_the_examples_are_chinese(client: Client) -> None:
    openapi.document.cache_clear()
    with translation.override("en"):
        document = openapi.document()
    assert "验证码刚刚发过" in json.dumps(document, ensure_ascii=False)


def test_every_example_of_a_field_is_of_its_schema(document: dict[str, Any]) -> None:
    count = 0
    for schema in document["components"]["schemas"].values():
        for described in schema["properties"].values():
            for example in described.get("examples", []):
                jsonschema_rs.validate(described, example)
                count += 1
    assert count >= 6


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/v1/verifications/codes", "SendCode"),
        ("/v1/notices", "SendNotice"),
        ("/v1/pickup-codes", "IssuePickupCode"),
    ],
)
def test_a_body_of_the_examples_is_accepted(
    path: str, schema: str, document: dict[str, Any], service: Service
) -> None:
    properties = document["components"]["schemas"][schema]["properties"]
    body = {name: one["examples"][0] for name, one in properties.items() if "examples" in one}
    assert service(path, body).status_code == 202


def _validated(answer: Any, path: str, method: str = "post") -> Any:
    """An answer's body, which is of the shape that the document has for its status."""
    document = openapi.document()
    content = document["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    media = answer["Content-Type"]
    schema = {**content[media]["schema"], "components": document["components"]}
    jsonschema_rs.validate(schema, answer.json())
    return answer.json()


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


@pytest.mark.django_db(transaction=True)  # texts leave after the commit
def test_what_services_are_told_is_of_the_document(
    service: Service, phone: str, last_code: Callable[[], str]
) -> None:
    notices, codes = "/v1/notices", "/v1/pickup-codes"
    params = {"order": "D1001", "company": "顺丰", "number": "SF1"}
    body = {"template": "shipped", "to": [phone, "1"], "params": params}
    _validated(service(notices, body), notices)
    _validated(service(notices, {}), notices)
    _validated(service(notices, body, Authorization="x"), notices)
    order = {"order": "D1001"}
    _validated(service(codes, {**order, "phone": phone}), codes)
    _validated(service(codes, {**order, "phone": phone}), codes)  # cooldown
    redeem, cancel = f"{codes}/redeem", f"{codes}/cancel"
    _validated(service(redeem, {**order, "code": wrong(last_code())}), redeem)
    _validated(service(redeem, {**order, "code": last_code()}), redeem)
    _validated(service(cancel, order), cancel)


@pytest.mark.parametrize("form", FORMATS)
def test_what_platforms_read_is_of_the_document(form: str, push: PushTo, phone: str) -> None:
    provider, report, _ = FORMATS[form]
    path = "/v1/receipts/{provider}/{secret}"
    taken = openapi.document()["paths"][path]["post"]["responses"]["200"]["content"]
    answer = push(provider, *report(phone))
    assert answer["Content-Type"].partition(";")[0] in taken
    _validated(push(provider, b"", {}), path)
    _validated(push("nobody", b"", {}), path)


def test_a_made_up_member_would_be_seen() -> None:
    """That the check above can fail at all."""
    schema = openapi.document()["components"]["schemas"]["PendingCode"]
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, {"id": 1})
