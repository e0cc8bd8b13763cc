"""ACS3-HMAC-SHA256, by which 阿里云 knows a request: version 3 of its signature.

Everything that is signed is sent in just that form: the query is put together here and not by the
HTTP client.
"""

import hashlib
import hmac
from collections.abc import Mapping

from .signing import encode

_ALGORITHM = "ACS3-HMAC-SHA256"


def query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{encode(name)}={encode(parameters[name])}" for name in sorted(parameters))


def content_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def authorization(
    key_id: str, secret: str, method: str, query: str, headers: Mapping[str, str]
) -> str:
    """The header of that name for a request to `/`; all of `headers` (lower case) are signed, and
    `x-acs-content-sha256` is among them."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    parts = (method, "/", query, lines, names, headers["x-acs-content-sha256"])
    canonical = "\n".join(parts).encode()
    to_sign = f"{_ALGORITHM}\n{hashlib.sha256(canonical).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{_ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
