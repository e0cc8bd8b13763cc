"""The OpenAPI 3.1 document of the HTTP interface, made from schemas.py and exceptions.py."""

from functools import cache
from typing import Any

import msgspec

from . import schemas
from .exceptions import VerificationError

_JSON = "application/json"
_PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{name}"

_COMPONENTS = (
    schemas.SendCode,
    schemas.VerifyCode,
    schemas.PendingCode,
    schemas.CodeStatus,
    schemas.SignedIn,
    schemas.Proven,
    schemas.User,
    schemas.Readiness,
    schemas.Problem,
)

_SUBJECT = ("invalid_request", "invalid_phone", "country_not_allowed", "unknown_purpose")
_SEND = (*_SUBJECT, "phone_blocked", "cooldown", "rate_limited", "too_many_attempts")
_CHECK = (*_SUBJECT, "code_incorrect", "code_expired", "too_many_attempts")
_ACCOUNT = ("phone_blocked", "already_registered", "not_registered")


@cache
def document() -> dict[str, Any]:
    _, components = msgspec.json.schema_components(_COMPONENTS, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "达达商城 SMS verification",
            "version": "1",
            "description": "Text a code to a phone, verify it, log the shopper in.",
        },
        "paths": _paths(),
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _paths() -> dict[str, Any]:
    code_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/v1/verifications/codes": {
            "post": _operation(
                "sendCode",
                "Text a code",
                body=schemas.SendCode,
                answers={202: [schemas.PendingCode]},
                refusals=(*_SEND, "delivery_failed", "unavailable"),
            )
        },
        "/v1/verifications/codes/{id}": {
            "get": _operation(
                "getCode",
                "What became of a text",
                parameters=[code_id],
                answers={200: [schemas.CodeStatus]},
                refusals=("unavailable",),
                plain={404: "not_found"},
            )
        },
        "/v1/verifications/verify": {
            "post": _operation(
                "verifyCode",
                "Verify a code: log in, register, or get a proof",
                body=schemas.VerifyCode,
                answers={200: [schemas.SignedIn, schemas.Proven]},
                refusals=(*_CHECK, *_ACCOUNT, "unavailable"),
            )
        },
        "/v1/users/me": {
            "get": _operation(
                "getMe",
                "Who is logged in",
                answers={200: [schemas.User]},
                refusals=("unavailable",),
                plain={401: "unauthorized"},
                security=[{"token": []}],
            )
        },
        "/healthz": {"get": _text("getHealth", "The process is alive")},
        "/readyz": {
            "get": _operation(
                "getReadiness",
                "Redis, database and queue, each named",
                answers={200: [schemas.Readiness], 503: [schemas.Readiness]},
            )
        },
        "/metrics": {"get": _text("getMetrics", "Prometheus metrics")},
    }


def _operation(
    operation_id: str,
    summary: str,
    *,
    answers: dict[int, list[type[msgspec.Struct]]],
    body: type[msgspec.Struct] | None = None,
    refusals: tuple[str, ...] = (),
    plain: dict[int, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    responses = {str(status): _answered(shapes, status) for status, shapes in answers.items()}
    by_status = {status: [code] for status, code in (plain or {}).items()}
    for refusal in VerificationError.__subclasses__():
        if refusal.code in refusals:
            by_status.setdefault(refusal.status, []).append(refusal.code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = _refused(codes, status)
    operation = {"operationId": operation_id, "summary": summary, "responses": responses, **more}
    if body:
        content = {_JSON: {"schema": _ref(body)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _answered(shapes: list[type[msgspec.Struct]], status: int) -> dict[str, Any]:
    description = "OK" if status < 300 else "Not now"
    return _response(description, {_JSON: {"schema": _any_of(shapes)}}, status)


def _refused(codes: list[str], status: int) -> dict[str, Any]:
    description = ", ".join(f"`{code}`" for code in codes)
    return _response(description, {_PROBLEM: {"schema": _ref(schemas.Problem)}}, status)


def _response(description: str, content: dict[str, Any], status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": description, "content": content}
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return response


def _text(operation_id: str, summary: str) -> dict[str, Any]:
    content = {"text/plain": {"schema": {"type": "string"}}}
    responses = {"200": {"description": "OK", "content": content}}
    return {"operationId": operation_id, "summary": summary, "responses": responses}


def _ref(shape: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=shape.__name__)}


def _any_of(shapes: list[type[msgspec.Struct]]) -> dict[str, Any]:
    return _ref(shapes[0]) if len(shapes) == 1 else {"anyOf": [_ref(shape) for shape in shapes]}
