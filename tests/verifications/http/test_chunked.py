"""A body in chunks, as some platforms' clients and proxies send it, is read like any other."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.live import Live

pytestmark = pytest.mark.live


def _post(live: Live, body: bytes) -> tuple[int, str]:
    """(status, `code` of the answer if it is a problem)."""
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=10)
    chunks = (body[start : start + 5000] for start in range(0, len(body), 5000))
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/verifications/codes", chunks, headers, encode_chunked=True)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told.get("code", "")


def test_it_is_read(live: Live, phone: str) -> None:
    assert _post(live, json.dumps({"phone": phone, "purpose": "login"}).encode()) == (202, "")


def test_it_may_not_be_longer_than_others(live: Live, phone: str) -> None:
    body = json.dumps({"phone": phone, "purpose": "login"}).encode() + b" " * 8192
    assert _post(live, body) == (400, "invalid_request")
