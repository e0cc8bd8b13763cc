"""The body of sendSms, read strictly; only fields that nobody knows are ignored, as documented."""

import re
from dataclasses import dataclass

from sandbox import strictjson
from sandbox.baidu import codes
from sandbox.baidu.codes import PlatformError
from sandbox.wire import Request

_MEDIA = re.compile("application/json *(?:; *charset=utf-8 *)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields, of the right types; the optional ones '' if they are not there or null."""

    mobile: str
    template: str
    signature_id: str
    content_var: dict[str, object]
    custom: str
    user_ext_id: str
    merchant_url_id: str


def read(request: Request) -> Fields:
    """The body's fields; raises PlatformError."""
    body = _object(request)
    values = body.get("contentVar")
    if not isinstance(values, dict):
        raise PlatformError(codes.BAD_FIELDS, "contentVar")
    return Fields(
        mobile=_required(body, "mobile"),
        template=_required(body, "template"),
        signature_id=_required(body, "signatureId"),
        content_var=values,
        custom=_optional(body, "custom"),
        user_ext_id=_optional(body, "userExtId"),
        merchant_url_id=_optional(body, "merchantUrlId"),
    )


def _object(request: Request) -> dict[str, object]:
    if not _MEDIA.fullmatch(request.headers.get("Content-Type", "")):
        raise PlatformError(codes.BAD_BODY, "Content-Type: application/json;charset=utf-8.")
    try:
        body = strictjson.loads(request.body)
    except ValueError:
        raise PlatformError(codes.BAD_JSON) from None
    if not isinstance(body, dict):
        raise PlatformError(codes.BAD_FIELDS)
    return body


def _required(body: dict[str, object], name: str) -> str:
    value = _optional(body, name)
    if not value:
        raise PlatformError(codes.BAD_FIELDS, name)
    return value


def _optional(body: dict[str, object], name: str) -> str:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise PlatformError(codes.BAD_FIELDS, name)
    return value or ""
