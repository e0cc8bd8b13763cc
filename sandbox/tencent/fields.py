"""The body of a call: a JSON object of known fields, each of its type."""

import re
from collections.abc import Callable, Mapping

from sandbox import strictjson
from sandbox.tencent import codes
from sandbox.tencent.codes import PlatformError
from sandbox.wire import Request

Fields = dict[str, object]
Kind = Callable[[object], bool]

_JSON = re.compile(r"application/json *(?:; *charset=utf-8)?", re.IGNORECASE)


def string(value: object) -> bool:
    """A string."""
    return isinstance(value, str)


def whole(value: object) -> bool:
    """A whole number, which in JSON true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def strings(value: object) -> bool:
    """A list of strings."""
    return isinstance(value, list) and all(map(string, value))


def wholes(value: object) -> bool:
    """A list of whole numbers."""
    return isinstance(value, list) and all(map(whole, value))


def read(request: Request, required: Mapping[str, Kind], optional: Mapping[str, Kind]) -> Fields:
    """The body's fields; raises PlatformError."""
    if not _JSON.fullmatch(request.headers.get("Content-Type", "")):
        raise PlatformError(codes.PROTOCOL)
    body = _object(request.body)
    for name in required:
        if name not in body:
            raise PlatformError(codes.PARAMETER_MISSING, name)
    kinds = {**required, **optional}
    for name, value in body.items():
        if name not in kinds:
            raise PlatformError(codes.PARAMETER_UNKNOWN, name)
        if not kinds[name](value):
            raise PlatformError(codes.PARAMETER, name)
    return body


def _object(body: bytes) -> Fields:
    try:
        value = strictjson.loads(body)
    except ValueError as error:
        raise PlatformError(codes.PARAMETER, str(error)) from None
    if not isinstance(value, dict):
        raise PlatformError(codes.PARAMETER, "a JSON object is expected")
    return value
