"""The parameters of a call: in the query, in a form as the body, or some here and some there."""

import re
from urllib.parse import parse_qsl

from sandbox.aliyun import codes
from sandbox.aliyun.codes import PlatformError, missing
from sandbox.wire import Request

_FORM = re.compile(r"application/x-www-form-urlencoded *(?:; *charset=utf-8)?", re.IGNORECASE)

# Every call takes these: the official clients can send them, and nothing follows from them.
_OWNER = {"OwnerId", "ResourceOwnerAccount", "ResourceOwnerId"}


def pairs(encoded: str) -> list[tuple[str, str]]:
    """'a=1&b=2' taken apart and decoded from UTF-8; raises ValueError, for a name given twice as
    well."""
    if not encoded:
        return []
    if not encoded.isascii():
        raise ValueError("非ASCII字符")
    found = parse_qsl(encoded, keep_blank_values=True, strict_parsing=True, errors="strict")
    if len(dict(found)) != len(found):
        raise ValueError("参数重复")
    return found


def read(request: Request) -> dict[str, str]:
    """All parameters, undecided whether right; raises ValueError."""
    body = request.body.decode("latin-1")
    if body and not _FORM.fullmatch(request.headers.get("Content-Type", "")):
        raise ValueError("Content-Type不是application/x-www-form-urlencoded")
    found = pairs(request.query) + pairs(body)
    if len(dict(found)) != len(found):
        raise ValueError("参数重复")
    return dict(found)


def check(request: Request, required: set[str], optional: set[str]) -> dict[str, str]:
    """The call's parameters, those required not empty; raises PlatformError."""
    try:
        fields = read(request)
    except ValueError as error:
        raise PlatformError(codes.PARAMETERS, str(error)) from None
    for name in sorted(required):
        if not fields.get(name):
            raise missing(name)
    for name in sorted(set(fields) - required - optional - _OWNER):
        raise PlatformError(codes.PARAMETERS, f"不认识{name}")
    return fields
