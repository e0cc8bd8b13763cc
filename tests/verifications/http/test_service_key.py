"""The mall's other services show a key of SERVICE_KEYS; nobody else gets anywhere."""

from typing import Any

import pytest

from tests.conftest import Api, Configure
from verifications.models import Message, PickupCode
from verifications.service_keys import hash_of

KEY, NEXT_KEY = "the-key-in-service-0123", "the-key-after-that-0123"
GOOD: dict[str, Any] = {
    "/v1/notices": {
        "template": "shipped",
        "to": ["13800138000"],
        "params": {"order": "D1001", "company": "顺丰", "number": "SF1"},
    },
    "/v1/pickup-codes": {"phone": "13800138000", "order": "D1001"},
    "/v1/pickup-codes/redeem": {"code": "123456", "order": "D1001"},
    "/v1/pickup-codes/cancel": {"order": "D1001"},
}
each_route = pytest.mark.parametrize("path", GOOD)


def _refused(answer: Any) -> None:
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthorized"
    assert not Message.objects.exists()
    assert not PickupCode.objects.exists()


@each_route
@pytest.mark.parametrize(
    "shown",
    [
        *(None, "", "Bearer", "Bearer ", f"Basic {KEY}", f"Bearer {KEY[:-1]}", f"Bearer {KEY}x"),
        *("密钥", f"Bearer {hash_of(KEY)}", f"Bearer {hash_of(KEY).removeprefix('sha256:')}"),
    ],
)
def test_without_the_key(path: str, shown: str | None, api: Api, configure: Configure) -> None:
    configure(SERVICE_KEYS=[hash_of(KEY)])
    headers = {} if shown is None else {"Authorization": shown}
    _refused(api.post(path, GOOD[path], **headers))


@each_route
def test_where_no_key_is_set_nobody_has_one(path: str, api: Api, configure: Configure) -> None:
    configure(SERVICE_KEYS=[])
    for shown in ("", "Bearer ", "Bearer None", f"Bearer {KEY}"):
        _refused(api.post(path, GOOD[path], Authorization=shown))


@each_route
@pytest.mark.parametrize("key", [KEY, NEXT_KEY])
def test_keys_can_be_exchanged_one_service_at_a_time(
    path: str, key: str, api: Api, configure: Configure
) -> None:
    configure(SERVICE_KEYS=[hash_of(KEY), hash_of(NEXT_KEY)])
    answer = api.post(path, GOOD[path], Authorization=f"Bearer {key}")
    assert answer.status_code != 401


@each_route
def test_the_key_is_asked_for_before_the_body(path: str, api: Api) -> None:
    _refused(api.post(path, b"{"))
