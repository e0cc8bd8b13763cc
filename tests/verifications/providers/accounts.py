"""The four platforms with an account each, for tests that need no more of it."""

from typing import Any

from verifications.providers.aliyun import Aliyun
from verifications.providers.baidu import Baidu
from verifications.providers.cloopen import Cloopen
from verifications.providers.tencent import Tencent
from verifications.providers.transport import HttpProvider

_ACCOUNTS: dict[str, tuple[type[HttpProvider], dict[str, str]]] = {
    "cloopen": (Cloopen, {"account_sid": "who", "auth_token": "hidden", "app_id": "app"}),
    "aliyun": (
        Aliyun,
        {"access_key_id": "who", "access_key_secret": "hidden", "sign_name": "达达商城"},
    ),
    "tencent": (
        Tencent,
        {"secret_id": "who", "secret_key": "hidden", "sdk_app_id": "14", "sign_name": "达达商城"},
    ),
    "baidu": (
        Baidu,
        {"access_key_id": "who", "secret_access_key": "hidden", "signature_id": "sign"},
    ),
}


def build(name: str, **options: Any) -> HttpProvider:
    """build("aliyun", base_url=url): with an account of its own."""
    backend, account = _ACCOUNTS[name]
    return backend(**{**account, **options})
