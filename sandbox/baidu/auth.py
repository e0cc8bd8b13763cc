"""Who asks: bce-auth-v1, recomputed from the request as it came.

prefix = bce-auth-v1/{access key}/{UTC time}/{seconds it is good for}
key = hex hmac-sha256(secret key, prefix), used as text
canonical request = method, path, query and signed headers, a line each: every query parameter
and header value encoded like a URI component, then sorted
Authorization = prefix/{names of the signed headers}/hex hmac-sha256(key, canonical request)

The body is not signed. What must be: host, x-bce-date, and every other x-bce- header that is sent.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from sandbox.baidu import codes
from sandbox.baidu.accounts import Account
from sandbox.baidu.codes import PlatformError
from sandbox.wire import Request

# How far ahead a client's clock may be; the vendor names no figure.
AHEAD = timedelta(minutes=5)

_AUTHORIZATION = re.compile(
    "(?P<prefix>bce-auth-v1/(?P<key>[^/]+)/(?P<time>[^/]+)/(?P<seconds>[1-9][0-9]{0,5}))"
    "/(?P<names>[^/]*)/(?P<signature>[0-9a-f]{64})"
)
_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class _Authorization(NamedTuple):
    prefix: str
    key: str
    time: str
    seconds: int
    names: list[str]
    signature: str


def authenticate(request: Request, accounts: Iterable[Account], now: datetime) -> Account:
    """The account that signed the request; raises PlatformError."""
    given = _authorization(request)
    account = next((item for item in accounts if item.access_key_id == given.key), None)
    if account is None:
        raise PlatformError(codes.KEY_UNKNOWN)
    _check_names(request, given.names)
    right = signature(request, given.names, account.secret_access_key, given.prefix)
    if not hmac.compare_digest(right, given.signature):
        raise PlatformError(codes.SIGNATURE_WRONG)
    for stated in (given.time, request.headers.get("x-bce-date", "")):
        if not -AHEAD <= now - _parse(stated) <= timedelta(seconds=given.seconds):
            raise PlatformError(codes.EXPIRED, f"Timestamp date is {stated}.")
    if account.state == "suspended":
        raise PlatformError(codes.ACCESS_DENIED)
    return account


def signature(request: Request, names: Iterable[str], secret: str, prefix: str) -> str:
    """The right signature with those headers signed, 64 hex digits."""
    key = _hmac(secret, prefix.encode("latin-1"))
    path = _encode(unquote_to_bytes(request.path.encode("latin-1")), safe="/")
    lines = [request.method, path, _query(request.query), *_headers(request, names)]
    return _hmac(key, "\n".join(lines).encode())


def _authorization(request: Request) -> _Authorization:
    header = request.headers.get("Authorization")
    if not header:
        raise PlatformError(codes.ACCESS_DENIED)
    match = _AUTHORIZATION.fullmatch(header)
    if match is None:
        raise PlatformError(codes.BAD_AUTHORIZATION)
    prefix, key, time, seconds, names, given = match.groups()
    return _Authorization(prefix, key, time, int(seconds), names.split(";"), given)


def _check_names(request: Request, names: list[str]) -> None:
    sent = [name.lower() for name in request.headers]
    if names != sorted(set(names)):
        raise PlatformError(codes.BAD_AUTHORIZATION, "Signed headers: sorted, each once.")
    needed = {"host", "x-bce-date"} | {name for name in sent if name.startswith("x-bce-")}
    if missing := sorted(needed - set(names)):
        raise PlatformError(codes.ACCESS_DENIED, f"Not signed: {', '.join(missing)}.")
    if any(sent.count(name) != 1 for name in names):
        raise PlatformError(codes.SIGNATURE_WRONG)


def _query(query: str) -> str:
    """The parameters in order; `authorization` is not one of them, and `+` is no blank."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    encoded = (
        f"{_recode(name)}={_recode(value)}"
        for name, _equals, value in pairs
        if name.lower() != "authorization"
    )
    return "&".join(sorted(encoded))


def _headers(request: Request, names: Iterable[str]) -> list[str]:
    values = ((name, request.headers.get(name, "").strip().encode("latin-1")) for name in names)
    return sorted(f"{_encode(name.encode('latin-1'))}:{_encode(value)}" for name, value in values)


def _recode(part: str) -> str:
    return _encode(unquote_to_bytes(part.encode("latin-1")))


def _encode(value: bytes, safe: str = "") -> str:
    return quote_from_bytes(value, safe=safe)


def _hmac(key: str, message: bytes) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def _parse(time: str) -> datetime:
    try:
        if not _TIME.fullmatch(time):
            raise ValueError(time)
        return datetime.fromisoformat(time).astimezone(UTC)
    except ValueError:
        raise PlatformError(codes.BAD_AUTHORIZATION, f"Not a time: {time!r}.") from None
