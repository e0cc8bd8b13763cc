"""Who asks: TC3-HMAC-SHA256, recomputed from the request as it came.

CanonicalRequest = method, path, query, 'name:value' of each signed header and a line end, the
signed names, hex SHA-256 of the body, joined by line ends. What is signed is the algorithm, the
timestamp, date/sms/tc3_request and hex SHA-256 of that, joined likewise. The key is a chain of
HMACs from 'TC3' + SecretKey over the date, 'sms' and 'tc3_request' (the vendor's signature v3).
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sandbox.tencent import codes
from sandbox.tencent.accounts import Account
from sandbox.tencent.codes import PlatformError
from sandbox.wire import Request

ALGORITHM = "TC3-HMAC-SHA256"
VALID_FOR = timedelta(minutes=5)

_AUTHORIZATION = re.compile(
    f"{ALGORITHM} Credential=([^/,]+)/([0-9-]{{10}})/sms/tc3_request, "
    "SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)


def authenticate(request: Request, accounts: Iterable[Account], now: datetime) -> Account:
    """The account that signed the request; raises PlatformError."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if match is None:
        raise PlatformError(codes.AUTHORIZATION)
    secret_id, date, names, given = match.groups()
    headers = _signed(request, names.split(";"))
    timestamp = request.headers.get("X-TC-Timestamp", "")
    _check_time(timestamp, date, now)
    account = next((item for item in accounts if item.secret_id == secret_id), None)
    if account is None:
        raise PlatformError(codes.SECRET_ID)
    right = signature(request, headers, timestamp, date, account.secret_key)
    if not hmac.compare_digest(right, given):
        raise PlatformError(codes.SIGNATURE)
    return account


def _signed(request: Request, names: list[str]) -> dict[str, str]:
    """The signed headers in order. Content-Type and Host count byte for byte; of the others the
    vendor signs the value in lower case."""
    headers = {name: request.headers.get_all(name, []) for name in names}
    if names != sorted(set(names)) or not {"content-type", "host"} <= set(names):
        raise PlatformError(codes.AUTHORIZATION)
    if any(len(values) != 1 for values in headers.values()):
        raise PlatformError(codes.AUTHORIZATION)
    exact = {"content-type", "host"}
    values = {name: found[0].strip() for name, found in headers.items()}
    return {name: text if name in exact else text.lower() for name, text in values.items()}


def _check_time(timestamp: str, date: str, now: datetime) -> None:
    """Seconds since 1970 within five minutes of now, and the date in UTC that belongs to them."""
    if not re.fullmatch("[1-9][0-9]{0,10}", timestamp):
        raise PlatformError(codes.PARAMETER, "X-TC-Timestamp")
    at = datetime.fromtimestamp(int(timestamp), UTC)
    if abs(now - at) > VALID_FOR:
        raise PlatformError(codes.EXPIRED)
    if f"{at:%Y-%m-%d}" != date:
        raise PlatformError(codes.SIGNATURE)


def signature(
    request: Request, headers: dict[str, str], timestamp: str, date: str, secret_key: str
) -> str:
    """The right Signature over these headers."""
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    digest = hashlib.sha256(request.body).hexdigest()
    canonical = [request.method, request.path, request.query, lines, ";".join(headers), digest]
    # Headers came as bytes and were read as Latin-1: so they are the same bytes again.
    hashed = hashlib.sha256("\n".join(canonical).encode("latin-1")).hexdigest()
    signed = f"{ALGORITHM}\n{timestamp}\n{date}/sms/tc3_request\n{hashed}"
    key = f"TC3{secret_key}".encode()
    for step in (date, "sms", "tc3_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.new(key, signed.encode(), "sha256").hexdigest()
