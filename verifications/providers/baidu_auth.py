"""bce-auth-v1, by which 百度云 knows a request. The body is not signed, the query is.

Path and query are sent in just the form in which they are signed.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime

from .signing import encode, stamp

_VALID = 1800  # seconds, what its own SDK asks for


def query(parameters: Mapping[str, str]) -> str:
    """Sorted by name and value together, as they are written."""
    return "&".join(sorted(f"{encode(k)}={encode(v)}" for k, v in parameters.items()))


def authorization(
    key_id: str,
    secret: str,
    moment: datetime,
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
) -> str:
    """The header of that name; all of `headers` (lower case) are signed, `host` is among them."""
    prefix = f"bce-auth-v1/{key_id}/{stamp(moment)}/{_VALID}"
    key = hmac.digest(secret.encode(), prefix.encode(), "sha256").hex()
    lines = sorted(f"{encode(name)}:{encode(value.strip())}" for name, value in headers.items())
    canonical = "\n".join((method, path, query, *lines))
    signature = hmac.digest(key.encode(), canonical.encode(), "sha256").hex()
    return f"{prefix}/{';'.join(sorted(headers))}/{signature}"
