"""TC3-HMAC-SHA256, by which 腾讯云 knows a request: version 3 of its signature."""

import hashlib
import hmac
from datetime import UTC, datetime

_ALGORITHM = "TC3-HMAC-SHA256"
_SERVICE = "sms"
_SIGNED = "content-type;host"


def authorization(
    secret_id: str, secret_key: str, moment: datetime, *, content_type: str, host: str, body: bytes
) -> str:
    """The header of that name for a POST to `/`; type and host have to be sent as they are here."""
    headers = f"content-type:{content_type}\nhost:{host}\n"
    parts = ("POST", "/", "", headers, _SIGNED, hashlib.sha256(body).hexdigest())
    canonical = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    day = moment.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{_SERVICE}/tc3_request"
    key = f"TC3{secret_key}".encode()
    for part in (day, _SERVICE, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    to_sign = f"{_ALGORITHM}\n{int(moment.timestamp())}\n{scope}\n{canonical}"
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"Credential={secret_id}/{scope}"
    return f"{_ALGORITHM} {credential}, SignedHeaders={_SIGNED}, Signature={signature}"
