"""Who asks: ACS3-HMAC-SHA256, recomputed from the request as it came.

CanonicalRequest = METHOD, path, sorted query, 'name:value' of each signed header and a line end,
the signed names, hex SHA-256 of the body, joined by line ends. Signature = hex HMAC-SHA256 under
the secret of 'ACS3-HMAC-SHA256', a line end, hex SHA-256 of that (the vendor's signature V3).
"""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from sandbox.aliyun import codes
from sandbox.aliyun.accounts import Account
from sandbox.aliyun.codes import PlatformError
from sandbox.aliyun.parameters import pairs
from sandbox.wire import Request

ALGORITHM = "ACS3-HMAC-SHA256"
VALID_FOR = timedelta(minutes=15)
REQUIRED = {
    "host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce",
    "x-acs-version",
}  # fmt: skip

_AUTHORIZATION = re.compile(
    f"{ALGORITHM} Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{{64}})"
)


def authenticate(request: Request, accounts: Iterable[Account], now: datetime) -> Account:
    """The account that signed the request; raises PlatformError."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if match is None:
        raise PlatformError(codes.INCOMPLETE_SIGNATURE)
    key_id, names, given = match.groups()
    headers = _signed(request, names.split(";"))
    if abs(now - _parse(headers["x-acs-date"])) > VALID_FOR:
        raise PlatformError(codes.TIME_EXPIRED)
    account = next((item for item in accounts if item.access_key_id == key_id), None)
    if account is None:
        raise PlatformError(codes.KEY_UNKNOWN)
    right = signature(request, headers, account.access_key_secret)
    if not hmac.compare_digest(right, given):
        raise PlatformError(codes.SIGNATURE)
    if account.state == "suspended":
        raise PlatformError(codes.ACCOUNT_ABNORMAL)
    return account


def _signed(request: Request, names: list[str]) -> dict[str, str]:
    """The signed headers: in order, none twice, none of those that must be signed left out."""
    present = {name.lower() for name in request.headers}
    required = REQUIRED | {name for name in present if name.startswith("x-acs-")}
    required |= {"content-type"} & present
    if names != sorted(set(names)) or not required <= set(names) <= present:
        raise PlatformError(codes.INCOMPLETE_SIGNATURE)
    headers = {name: request.headers.get_all(name, []) for name in names}
    if any(len(values) > 1 for values in headers.values()):
        raise PlatformError(codes.INCOMPLETE_SIGNATURE)
    return {name: values[0].strip() for name, values in headers.items()}


def _parse(date: str) -> datetime:
    try:
        if not re.fullmatch("[0-9-]{10}T[0-9:]{8}Z", date):
            raise ValueError(date)
        return datetime.strptime(date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise PlatformError(codes.TIME_FORMAT) from None


def signature(request: Request, headers: dict[str, str], secret: str) -> str:
    """The right Signature over these headers; raises PlatformError if the body's hash is not the
    one in x-acs-content-sha256, or the query cannot be read."""
    digest = hashlib.sha256(request.body).hexdigest()
    if not hmac.compare_digest(digest.encode(), headers["x-acs-content-sha256"].encode()):
        raise PlatformError(codes.SIGNATURE)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    query = _canonical_query(request.query)
    canonical = [request.method, request.path, query, lines, ";".join(headers), digest]
    # Headers came as bytes and were read as Latin-1: so they are the same bytes again.
    hashed = hashlib.sha256("\n".join(canonical).encode("latin-1")).hexdigest()
    return hmac.new(secret.encode(), f"{ALGORITHM}\n{hashed}".encode(), "sha256").hexdigest()


def _canonical_query(query: str) -> str:
    try:
        encoded = [(quote(name, safe="~"), quote(value, safe="~")) for name, value in pairs(query)]
    except ValueError:
        raise PlatformError(codes.SIGNATURE) from None
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


class Nonces:
    """The nonces taken: each once for a key within the time a request is good for."""

    # A request dated 15 minutes ahead is good for 30: no nonce is forgotten sooner.
    _PERIOD = 2 * VALID_FOR

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[int, set[tuple[str, str]]] = {}

    def take(self, key_id: str, nonce: str, now: datetime) -> None:
        """Marks it taken; raises PlatformError if it was. Two requests at once: one gets it."""
        period = int(now.timestamp() / self._PERIOD.total_seconds())
        with self._lock:
            if period not in self._taken:
                self._taken = {period: set(), period - 1: self._taken.get(period - 1, set())}
            if any((key_id, nonce) in taken for taken in self._taken.values()):
                raise PlatformError(codes.NONCE_USED)
            self._taken[period].add((key_id, nonce))
