"""The OpenAPI 3.1 document of the HTTP interface, made from schemas.py and exceptions.py."""

from functools import cache
from typing import Any

import msgspec
from django.utils import translation

from . import examples, schemas
from .exceptions import VerificationError

JSON = "application/json"
_PROBLEM = "application/problem+json"
REF = "#/components/schemas/{name}"

_SHAPES = [
    shape
    for name, shape in vars(schemas).items()
    if not name.startswith("_") and isinstance(shape, type) and issubclass(shape, msgspec.Struct)
]

_SUBJECT = ("invalid_request", "invalid_phone", "country_not_allowed")
_LIMITS = ("captcha_required", "captcha_invalid", "cooldown", "rate_limited", "too_many_attempts")
_SEND = (*_SUBJECT, *_LIMITS, "unknown_purpose", "phone_blocked", "delivery_failed", "unavailable")
_GUESS = (*_SUBJECT, "code_incorrect", "code_expired", "too_many_attempts", "unavailable")
_ACCOUNT = ("unknown_purpose", "phone_blocked", "already_registered", "not_registered")


@cache
@translation.override("zh-hans")  # the language of the examples, whoever asks first
def document() -> dict[str, Any]:
    _, components = msgspec.json.schema_components(_SHAPES, ref_template=REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "达达商城 SMS verification",
            "version": "1",
            "description": "Text a code to a phone, verify it, log the shopper in; notices. "
            "What each `code` of a refusal asks of a page: [/v1/docs/problems](/v1/docs/problems).",
        },
        "servers": [{"url": "/", "description": "This one"}],
        "paths": {
            **_tagged("shoppers", _for_shoppers()),
            **_tagged("services", _for_services()),
            **_tagged("machines", _for_machines()),
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "serviceKey": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _tagged(tag: str, paths: dict[str, Any]) -> dict[str, Any]:
    """As the viewer groups them."""
    return {
        path: {method: {**operation, "tags": [tag]} for method, operation in item.items()}
        for path, item in paths.items()
    }


def _for_shoppers() -> dict[str, Any]:
    return {
        "/v1/verifications/codes": _post(
            "sendCode",
            "Text a code",
            body=schemas.SendCode,
            answers={202: [schemas.PendingCode]},
            refusals=_SEND,
        ),
        "/v1/verifications/codes/{id}": _get(
            "getCode",
            "What became of a text",
            parameters=[_in_path("id", examples.ID)],
            answers={200: [schemas.CodeStatus]},
            refusals=("unavailable",),
            plain={404: "not_found"},
        ),
        "/v1/verifications/captcha": _challenge(),
        "/v1/verifications/verify": _post(
            "verifyCode",
            "Verify a code: log in, register, or get a proof",
            body=schemas.VerifyCode,
            answers={200: [schemas.SignedIn, schemas.Proven]},
            refusals=(*_GUESS, *_ACCOUNT),
        ),
        "/v1/users/me": _get(
            "getMe",
            "Who is logged in",
            answers={200: [schemas.User]},
            refusals=("unavailable",),
            plain={401: "unauthorized"},
            security=[{"token": []}],
        ),
    }


def _challenge() -> dict[str, Any]:
    shape = {
        "type": "object",
        "description": "An ALTCHA challenge, whose `captcha` is the base64 of the JSON of "
        "`challenge` and `solution`; or what the page of another CAPTCHA_BACKEND needs.",
    }
    made = _get("getChallenge", "A captcha's challenge", refusals=("unavailable",))
    shown = named(examples.ANSWERS["getChallenge"][200])
    made["get"]["responses"]["200"] = _response("OK", {JSON: {"schema": shape, **shown}}, 200)
    return made


def _for_services() -> dict[str, Any]:
    once = {"type": "string", "minLength": 1, "maxLength": 255}
    key = {"name": "Idempotency-Key", "in": "header", "schema": once, "example": "D1001-shipped"}
    keyed = {"plain": {401: "unauthorized"}, "security": [{"serviceKey": []}]}
    return {
        "/v1/notices": _post(
            "sendNotices",
            "Text a notice to up to 1,000 phones",
            body=schemas.SendNotice,
            answers={202: [schemas.Notices]},
            refusals=("invalid_request", "unavailable"),
            parameters=[key],
            **keyed,
        ),
        "/v1/pickup-codes": _post(
            "issuePickupCode",
            "Text the pickup code of an order",
            body=schemas.IssuePickupCode,
            answers={202: [schemas.Pickup]},
            refusals=(*_SUBJECT, "cooldown", "unavailable"),
            **keyed,
        ),
        "/v1/pickup-codes/redeem": _post(
            "redeemPickupCode",
            "Hand over: a right code passes once",
            body=schemas.RedeemPickupCode,
            answers={200: [schemas.Pickup]},
            refusals=_GUESS,
            **keyed,
        ),
        "/v1/pickup-codes/cancel": _post(
            "cancelPickupCode",
            "The code of an order opens nothing any more",
            body=schemas.CancelPickupCode,
            answers={200: [schemas.Pickup]},
            refusals=("invalid_request", "code_expired", "unavailable"),
            **keyed,
        ),
    }


def _for_machines() -> dict[str, Any]:
    receipt = _post(
        "receiveReceipts",
        "Where a platform pushes its status reports, in its own format",
        parameters=[_in_path("provider", "cloopen"), _in_path("secret", "RECEIPT_SECRET")],
        refusals=("invalid_request", "unavailable"),
        plain={404: "not_found"},
    )
    pushed = {media: named(values) for media, values in examples.PUSHES.items()}
    wanted = {media: named(values) for media, values in examples.ACKNOWLEDGEMENTS.items()}
    receipt["post"]["requestBody"] = {"required": True, "content": pushed}
    receipt["post"]["responses"]["200"] = _response("What the platform wants to read", wanted, 200)
    ready = {200: [schemas.Readiness], 503: [schemas.Readiness]}
    return {
        "/v1/receipts/{provider}/{secret}": receipt,
        "/healthz": _text("getHealth", "The process is alive"),
        "/readyz": _get("getReadiness", "Redis, database and queue, each named", answers=ready),
        "/metrics": _text("getMetrics", "Prometheus metrics"),
    }


def _in_path(name: str, example: str) -> dict[str, Any]:
    shape = {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": shape, "example": example}


def _get(operation_id: str, summary: str, **more: Any) -> dict[str, Any]:
    return {"get": _operation(operation_id, summary, **more)}


def _post(operation_id: str, summary: str, **more: Any) -> dict[str, Any]:
    return {"post": _operation(operation_id, summary, **more)}


def _operation(
    operation_id: str,
    summary: str,
    *,
    body: type[msgspec.Struct] | None = None,
    answers: dict[int, list[type[msgspec.Struct]]] | None = None,
    refusals: tuple[str, ...] = (),
    plain: dict[int, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    responses = {}
    for status, shapes in (answers or {}).items():
        responses[str(status)] = _answered(operation_id, shapes, status)
    by_status = {status: [code] for status, code in (plain or {}).items()}
    for refusal in VerificationError.__subclasses__():
        if refusal.code in refusals:
            by_status.setdefault(refusal.status, []).append(refusal.code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = _refused(operation_id, codes, status)
    made = {"operationId": operation_id, "summary": summary, "responses": responses, **more}
    if body:
        content = {JSON: {"schema": ref(body), **named(examples.BODIES[operation_id])}}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _answered(operation_id: str, shapes: list[type[msgspec.Struct]], status: int) -> dict[str, Any]:
    description = "OK" if status < 300 else "Not now"
    shown = named(examples.ANSWERS[operation_id][status])
    return _response(description, {JSON: {"schema": _any_of(shapes), **shown}}, status)


def _refused(operation_id: str, codes: list[str], status: int) -> dict[str, Any]:
    description = ", ".join(f"`{code}`" for code in codes)
    shown = named({code: examples.refusal(code, operation_id) for code in codes})
    return _response(description, {_PROBLEM: {"schema": ref(schemas.Problem), **shown}}, status)


def named(values: dict[str, Any]) -> dict[str, Any]:
    return {"examples": {name: {"value": value} for name, value in values.items()}}


def _response(description: str, content: dict[str, Any], status: int) -> dict[str, Any]:
    made: dict[str, Any] = {"description": description, "content": content}
    if status in (429, 503):
        made["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return made


def _text(operation_id: str, summary: str) -> dict[str, Any]:
    shown = named(examples.ANSWERS[operation_id][200])
    content = {"text/plain": {"schema": {"type": "string"}, **shown}}
    made = _get(operation_id, summary)
    made["get"]["responses"]["200"] = _response("OK", content, 200)
    return made


def ref(shape: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": REF.format(name=shape.__name__)}


def _any_of(shapes: list[type[msgspec.Struct]]) -> dict[str, Any]:
    return ref(shapes[0]) if len(shapes) == 1 else {"anyOf": [ref(shape) for shape in shapes]}
