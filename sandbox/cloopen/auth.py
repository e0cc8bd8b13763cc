"""Who asks: the account in the URL, Authorization and sig.

sig = upper(md5(accountSid + authToken + timestamp)); Authorization = Base64(accountSid + ':' +
timestamp); the timestamp is yyyyMMddHHmmss in Shanghai and good for 24 hours (the vendor's REST
description; the mall's, sections 2 and 3).
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sandbox.accounts import Account
from sandbox.cloopen import codes
from sandbox.cloopen.codes import PlatformError
from sandbox.wire import Request
from sandbox.world import SHANGHAI

VALID_FOR = timedelta(hours=24)
_SID_LENGTH = 32


def authenticate(request: Request, sid: str, accounts: Iterable[Account], now: datetime) -> Account:
    """The account that signed the request; raises PlatformError. `sid` is the one in the URL."""
    _check_sid(sid)
    timestamp = _authorized_timestamp(request.headers.get("Authorization"), sid)
    if abs(now - _parse(timestamp)) > VALID_FOR:
        raise PlatformError(codes.TIMESTAMP_EXPIRED)
    account = next((item for item in accounts if item.sid == sid), None)
    if account is None:
        raise PlatformError(codes.ACCOUNT_UNKNOWN)
    _check_sig(request.query, account, timestamp)
    if account.state == "suspended":
        raise PlatformError(codes.ACCOUNT_SUSPENDED)
    return account


def _check_sid(sid: str) -> None:
    if not sid:
        raise PlatformError(codes.URL_ACCOUNT_EMPTY)
    if not re.fullmatch("[0-9A-Za-z]+", sid):
        raise PlatformError(codes.URL_ACCOUNT_CHARACTERS)
    if len(sid) != _SID_LENGTH:
        raise PlatformError(codes.URL_ACCOUNT_LENGTH)


def _authorized_timestamp(header: str | None, sid: str) -> str:
    if not header:
        raise PlatformError(codes.AUTH_MISSING)
    account, colon, timestamp = _decode(header).partition(":")
    if not colon or ":" in timestamp:
        raise PlatformError(codes.AUTH_FORMAT)
    if not account:
        raise PlatformError(codes.AUTH_ACCOUNT_EMPTY)
    if not timestamp:
        raise PlatformError(codes.AUTH_TIMESTAMP_EMPTY)
    if account != sid:
        raise PlatformError(codes.AUTH_ACCOUNT_DIFFERS)
    return timestamp


def _decode(header: str) -> str:
    """Only the canonical form: the bits that Base64 leaves spare at the end must be zero."""
    try:
        raw = header.encode("ascii")
        decoded = base64.b64decode(raw, validate=True)
    except (UnicodeError, binascii.Error):
        raise PlatformError(codes.AUTH_BASE64) from None
    if base64.b64encode(decoded) != raw:
        raise PlatformError(codes.AUTH_BASE64)
    return decoded.decode("latin-1")


def _parse(timestamp: str) -> datetime:
    try:
        if not re.fullmatch("[0-9]{14}", timestamp):
            raise ValueError(timestamp)
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise PlatformError(codes.TIMESTAMP_FORMAT) from None


def _check_sig(query: str, account: Account, timestamp: str) -> None:
    """sig is the whole query, upper case, not percent-encoded."""
    name, _, given = query.partition("=")
    if name != "sig" or not given:
        raise PlatformError(codes.SIG_MISSING)
    signed = f"{account.sid}{account.token}{timestamp}".encode()
    right = hashlib.md5(signed, usedforsecurity=False).hexdigest().upper()
    if not hmac.compare_digest(right.encode(), given.encode("latin-1", "replace")):
        raise PlatformError(codes.SIG_WRONG)
