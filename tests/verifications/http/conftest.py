from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api, Configure
from verifications.models import DeliveryAttempt
from verifications.service_keys import hash_of

SERVICE_KEY = "key-of-the-tests-0123456789"

Service = Callable[..., Any]


@pytest.fixture
def service(api: Api, configure: Configure) -> Service:
    """service("/v1/notices", {...}): what another service of the mall posts, with its key."""
    configure(SERVICE_KEYS=[hash_of(SERVICE_KEY)])

    def post(path: str, body: Any, **headers: str) -> Any:
        return api.post(path, body, **{"Authorization": f"Bearer {SERVICE_KEY}", **headers})

    return post


RECEIPT_SECRET = "secret-of-the-tests-0123"

PushTo = Callable[..., Any]
Taken = Callable[[str], str]


@pytest.fixture
def push(api: Api, configure: Configure) -> PushTo:
    """push("aliyun", body, headers): what a platform posts to its webhook."""
    configure(RECEIPT_SECRET=[RECEIPT_SECRET])

    def post(provider: str, body: bytes, headers: dict[str, str], secret: str = "") -> Any:
        path = f"/v1/receipts/{provider}/{secret or RECEIPT_SECRET}"
        media = headers.get("Content-Type", "application/octet-stream")
        rest = {name: value for name, value in headers.items() if name != "Content-Type"}
        return api.client.post(path, body, content_type=media, headers=rest)

    return post


@pytest.fixture
def taken(api: Api, phone: str) -> Taken:
    """taken("aliyun"): the id of a code to `phone` that this platform took as `their-id`."""

    def send(provider: str) -> str:
        code_id: str = api.send(phone).json()["id"]
        DeliveryAttempt.objects.filter(message_id=code_id).update(
            provider=provider, provider_message_id="their-id"
        )
        return code_id

    return send
