"""The HTTP edge, shared by all JSON views: decode a body, encode an answer, word a refusal."""

import functools
import json
import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from . import conf, limits, problems, service_keys
from .exceptions import InvalidRequest, VerificationError, place_of

logger = logging.getLogger(__name__)

T = TypeVar("T")
View = Callable[..., HttpResponse]
V = TypeVar("V", bound=Callable[..., HttpResponse])

MAX_BODY = 8192  # bytes; the largest honest body is some hundred
_FIELD = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$")
_NAMED = re.compile(r"field `(?P<name>[^`]*)`")
_LENGTH = re.compile(r"of length (?P<sign>[<>]=) (?P<n>\d+)")


def past_middleware(view: V) -> V:
    """Mark a view that answers a program: no cookie is read, so no forgery is to be feared.

    CsrfViewMiddleware passes it over, and a project's own middleware may (`view.is_api`).
    """

    @csrf_exempt
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        finally:
            forget_body(request)

    wrapper.is_api = True  # type: ignore[attr-defined]
    return cast("V", wrapper)


def forget_body(request: HttpRequest) -> None:
    """Whoever looks at the request from here on, such as a reporter of crashes, finds no body:
    phones and codes stand in it."""
    request._body = b""


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
                with _language_of(request):
                    return _answered(view, request, *args, **kwargs)
            except Exception as error:
                logger.error("unexpected %s", place_of(error))
                return plain_problem(request, 500)

        return wrapper

    return decorate


def _language_of(request: HttpRequest) -> AbstractContextManager[None]:
    """What the client asks for, where that is not what this thread speaks anyway."""
    language = translation.get_language_from_request(request)
    spoken = translation.get_language()
    return nullcontext() if language == spoken else translation.override(language)


def _answered(view: View, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(*args, **kwargs)
    except VerificationError as refusal:
        return problem(refusal)


def service(view: View) -> View:
    """A view for the mall's other services, which show a key of SERVICE_KEYS."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not service_keys.is_one(shown, conf.get().service_keys):
            return plain_problem(request, 401)
        return view(request, *args, **kwargs)

    return wrapper


def idempotency_key(request: HttpRequest) -> str | None:
    """Of the header Idempotency-Key. Raises InvalidRequest for one of over 255 characters."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= 255:
        message = _("应为 1 至 255 个字符。")
        raise InvalidRequest([{"field": "Idempotency-Key", "message": message}])
    return key


def answer(body: msgspec.Struct | dict[str, Any], status: int = 200) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), "application/json", status)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(refusal: VerificationError) -> HttpResponse:
    """RFC 9457, in the active language."""
    return _problem(problems.of(refusal))


def plain_problem(request: HttpRequest, status: int) -> HttpResponse:
    """A refusal of HTTP itself, in the language that the client asks for."""
    with _language_of(request):
        response = _problem(problems.plain(status))
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _problem(body: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), "application/problem+json", body["status"])
    response.headers["Cache-Control"] = "no-store"
    if "retry_after" in body:
        response.headers["Retry-After"] = str(body["retry_after"])
    return response


def read(request: HttpRequest, shape: type[T], most: int = MAX_BODY) -> T:
    """The request's body, of `most` bytes, as a `shape` (a msgspec Struct).

    Raises InvalidRequest.
    """
    try:
        return msgspec.convert(read_object(request, most), shape)
    except msgspec.ValidationError as error:
        raise InvalidRequest([_field_error(str(error))]) from None


def raw_body(request: HttpRequest, most: int) -> bytes:
    """Raises InvalidRequest for more than `most` bytes."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= most:
        chunked = "HTTP_TRANSFER_ENCODING" in request.META  # of which Django reads nothing
        raw: bytes = request.META["wsgi.input"].read(most + 1) if chunked else request.body
        forget_body(request)
        if len(raw) <= most:
            return raw
    raise _invalid_body(_("内容过长。"))


def read_object(request: HttpRequest, most: int = MAX_BODY) -> dict[str, Any]:
    """The request's body as a JSON object, whatever its content type. Raises InvalidRequest.

    Stricter than json: no repeated name, no NaN, no NUL, no half of a surrogate pair.
    """
    raw = raw_body(request, most)
    try:
        text = raw.decode()
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
    return {"field": field, "message": _wrong(what)}


def _wrong(what: str) -> str:
    if what.startswith("Object missing"):
        return _("缺少这个字段。")
    if what.startswith("Object contains unknown"):
        return _("没有这个字段。")
    if bound := _LENGTH.search(what):
        fewest = bound["sign"] == ">="
        words = _("长度至少为 %(n)s。") if fewest else _("长度至多为 %(n)s。")
        return words % {"n": bound["n"]}
    if what.startswith("Expected `array`"):
        return _("应为列表。")
    return _("应为对象。") if what.startswith("Expected `object`") else _("应为文本。")


def client_ip(request: HttpRequest) -> str:
    """The client's address: what our own outermost proxy saw, never what a client claims.

    TRUSTED_PROXIES says how many proxies of ours append to X-Forwarded-For. Behind a socket of
    Unix or a proxy that writes no address, all clients are limits.NOWHERE and share its limits.
    """
    trusted = conf.get().trusted_proxies
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if trusted else []
    seen = hops[-trusted] if len(hops) >= trusted > 0 else request.META.get("REMOTE_ADDR", "")
    return limits.address(seen)
