"""The HTTP edge, shared by all JSON views: decode a body, encode an answer, word a refusal."""

import functools
import ipaddress
import json
import logging
import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from . import conf
from .exceptions import InvalidRequest, VerificationError

logger = logging.getLogger(__name__)

T = TypeVar("T")
View = Callable[..., HttpResponse]
V = TypeVar("V", bound=Callable[..., HttpResponse])

MAX_BODY = 8192  # bytes; the largest honest body is some hundred
_FIELD = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$")
_NAMED = re.compile(r"field `(?P<name>[^`]*)`")


def past_middleware(view: V) -> V:
    """Mark a view that answers a program: no cookie is read, so no forgery is to be feared.

    CsrfViewMiddleware passes it over, and a project's own middleware may (`view.is_api`).
    """
    marked = csrf_exempt(view)
    marked.is_api = True  # type: ignore[attr-defined]
    return marked


def api(*methods: str) -> Callable[[View], View]:
    """A JSON view of these methods; HEAD comes with GET."""
    allowed = {*methods, "HEAD"} if "GET" in methods else {*methods}

    def decorate(view: View) -> View:
        @past_middleware
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed:
                response = plain_problem(request, 405)
                response["Allow"] = ", ".join(sorted(allowed))
                return response
            try:
                return view(request, *args, **kwargs)
            except VerificationError as refusal:
                return problem(request, refusal)
            except Exception as error:
                # The type alone: the text of an error, or its frames, may hold a phone or a code.
                logger.error("unexpected %s in %s", type(error).__name__, _place(error))
                return plain_problem(request, 500)

        return wrapper

    return decorate


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def answer(body: msgspec.Struct, status: int = 200) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), "application/json", status)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(request: HttpRequest, refusal: VerificationError) -> HttpResponse:
    """RFC 9457, in the language that the client asks for."""
    with translation.override(translation.get_language_from_request(request)):
        detail = refusal.message
    members = dict(refusal.extras)
    if refusal.retry_after is not None:
        members["retry_after"] = refusal.retry_after
    return _problem(refusal.code, refusal.status, detail, members)


# Refusals of HTTP itself, which no use case raises.
_PLAIN = {
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    500: "internal_error",
}


def plain_problem(request: HttpRequest, status: int) -> HttpResponse:
    with translation.override(translation.get_language_from_request(request)):
        detail = {
            401: _("请先登录。"),
            404: _("没有找到您要的内容。"),
            405: _("不支持此请求方法。"),
            500: _("服务出错了，请稍后重试。"),
        }[status]
    response = _problem(_PLAIN[status], status, detail, {})
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _problem(code: str, status: int, detail: str, members: dict[str, Any]) -> HttpResponse:
    body = {
        "type": f"/v1/docs/problems#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }
    response = HttpResponse(msgspec.json.encode(body), "application/problem+json", status)
    response.headers["Cache-Control"] = "no-store"
    if "retry_after" in members:
        response.headers["Retry-After"] = str(members["retry_after"])
    return response


def read(request: HttpRequest, shape: type[T]) -> T:
    """The request's body as a `shape` (a msgspec Struct). Raises InvalidRequest."""
    try:
        return msgspec.convert(read_object(request), shape)
    except msgspec.ValidationError as error:
        raise InvalidRequest([_field_error(str(error))]) from None


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The request's body as a JSON object, whatever its content type. Raises InvalidRequest.

    Stricter than json: no repeated name, no NaN, no NUL, no half of a surrogate pair.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        raise _invalid_body(_("内容过长。"))
    try:
        text = request.body.decode()
        document = _DECODER.decode(text)
        if "\\u" in text:  # only an escape can bring these in
            _refuse_unusable(json.dumps(document, ensure_ascii=False))
    except (ValueError, RecursionError):  # bad UTF-8 is a ValueError too
        raise _invalid_body(_("不是有效的 JSON。")) from None
    if not isinstance(document, dict):
        raise _invalid_body(_("应为 JSON 对象。"))
    return document


def _invalid_body(message: str) -> InvalidRequest:
    return InvalidRequest([{"field": "", "message": message}])


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# Kept, since json.loads() would build one for each call with options.
_DECODER = json.JSONDecoder(object_pairs_hook=_distinct, parse_constant=_no_constant)


def _refuse_unusable(text: str) -> None:
    text.encode()  # half a surrogate pair has no UTF-8
    if "\\u0000" in text:
        raise ValueError("NUL")


def _field_error(message: str) -> dict[str, str]:
    """From msgspec's words: ``... field `phone` `` or ``Expected `str` ... - at `$.phone` ``."""
    found = _FIELD.match(message)
    what, path = (found["what"], found["path"]) if found else (message, "")
    named = _NAMED.search(what)
    field = named["name"] if named else (path or "").lstrip(".")
    return {"field": field, "message": what}


def client_ip(request: HttpRequest) -> str | None:
    """The client's address: what our own outermost proxy saw, never what a client claims.

    TRUSTED_PROXIES says how many proxies of ours append to X-Forwarded-For.
    """
    trusted = conf.get().trusted_proxies
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if trusted else []
    seen = hops[-trusted] if len(hops) >= trusted > 0 else request.META.get("REMOTE_ADDR", "")
    return _address(seen.strip())


def _address(text: str) -> str | None:
    """An address with or without a port, `[::1]:80` too; None for `unix:` and the like."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None
