"""The OpenAPI document of the whole product: that of verifications, and the mall's own routes."""

from functools import cache
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from msgspec import Meta

from dadashop import mall
from verifications import edge, examples, openapi
from verifications.schemas import PhoneText, Seconds

_CARTS = "What the page kept while nobody was logged in: a list or an object."


class MallSendCode(msgspec.Struct, omit_defaults=True):
    phone: PhoneText
    purpose: str = "register"
    captcha: str = ""


class MallRegister(msgspec.Struct):
    uname: str
    password: Annotated[str, Meta(min_length=6, max_length=128)]
    phone: PhoneText
    verify: Annotated[str, Meta(description="The code from the text.")]
    email: str = ""


class MallLogIn(msgspec.Struct):
    phone: PhoneText
    verify: Annotated[str, Meta(description="The code from the text.")]
    carts: Annotated[list[Any] | dict[str, Any] | None, Meta(description=_CARTS)] = None


class MallSent(msgspec.Struct):
    resend_after: Seconds
    expires_in: Seconds


class MallSendCodeDone(msgspec.Struct):
    code: int
    data: MallSent


class MallSignedIn(msgspec.Struct):
    code: int
    username: str
    token: str
    carts_count: int


class MallError(msgspec.Struct):
    message: Annotated[str, Meta(description="What a shopper may read.")]
    retry_after: Seconds = 0


class MallRefused(msgspec.Struct):
    code: Annotated[int, Meta(ge=10_100, le=10_199)]
    error: MallError


_Shown = tuple[type[msgspec.Struct], dict[str, Any]]  # a shape, and an example of it
_SHAPES = (MallSendCode, MallRegister, MallLogIn, MallSendCodeDone, MallSignedIn, MallRefused)
_NEW = {"uname": "dada", "password": "secret1", "phone": "13800138000", "verify": "123456"}  # nosec B105  # nobody's
_KNOWN = {"phone": "13800138000", "verify": "123456", "carts": []}
_SIGNED_IN = {"code": 200, "username": "dada", "token": "eyJhbGciOiJIUzI1NiJ9…", "carts_count": 0}  # nosec B105  # cut short
_SENT = {"code": 200, "data": {"resend_after": 60, "expires_in": 300}}
_ASKED = ("invalid_phone", "cooldown", "rate_limited", "captcha_required", "unavailable")
_VERIFIED = ("invalid_request", "code_incorrect", "code_expired", "too_many_attempts")


@cache
@translation.override("zh-hans")
def document() -> dict[str, Any]:
    ours = openapi.document()
    _, shapes = msgspec.json.schema_components(_SHAPES, ref_template=openapi.REF)
    components = {**ours["components"], "schemas": ours["components"]["schemas"] | shapes}
    return {**ours, "paths": ours["paths"] | _paths(), "components": components}


def _paths() -> dict[str, Any]:
    phone = {"phone": "13800138000"}
    register = (MallRegister, _NEW), (MallSignedIn, _SIGNED_IN), (*_VERIFIED, "already_registered")
    log_in = (MallLogIn, _KNOWN), (MallSignedIn, _SIGNED_IN), (*_VERIFIED, "not_registered")
    send = (MallSendCode, phone), (MallSendCodeDone, _SENT), _ASKED
    return {
        "/v1/users/sms/code": _route("mallSendCode", "Text a code", *send),
        "/v1/users": _route("mallRegister", "Register", *register),
        "/v1/users/register": _route("mallRegisterToo", "Register", *register),
        "/v1/tokens/sms": _route("mallLogIn", "Log in", *log_in),
    }


def _route(
    operation_id: str, summary: str, body: _Shown, answer: _Shown, refusals: tuple[str, ...]
) -> dict[str, Any]:
    told = {"done": answer[1], **{code: _refused(code) for code in refusals}}
    either = {"anyOf": [openapi.ref(answer[0]), openapi.ref(MallRefused)]}
    asked = {"schema": openapi.ref(body[0]), **openapi.named({"the page's": body[1]})}
    answered = {openapi.JSON: {"schema": either, **openapi.named(told)}}
    made = {
        "operationId": operation_id,
        "summary": f"{summary}: for the mall's deployed pages",
        "description": _table(),
        "tags": ["mall"],
        "requestBody": {"required": True, "content": {openapi.JSON: asked}},
        "responses": {"200": {"description": "Always: see `code`", "content": answered}},
    }
    return {"post": made}


def _refused(code: str) -> dict[str, Any]:
    problem = examples.refusal(code)
    waits = {"retry_after": problem["retry_after"]} if "retry_after" in problem else {}
    return {"code": mall.NUMBERS[code], "error": {"message": problem["detail"], **waits}}


def _table() -> str:
    head = "Any content type; the body is JSON. `code` is 200, or:\n\n| `code` | | |\n|---|---|---|"
    told = {code: _refused(code) for code in mall.NUMBERS}
    rows = [
        f"| {one['code']} | `{code}` | {one['error']['message']} |" for code, one in told.items()
    ]
    return "\n".join([head, *rows, f"| {mall.INTERNAL_ERROR} | `internal_error` | |"])


@edge.api("GET")
def serve(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document())
