"""Each platform of dadashop/platforms.py with an account, for tests that need no more of it."""

from inspect import signature
from typing import Any

from django.utils.module_loading import import_string

from dadashop.platforms import PLATFORMS
from verifications.providers.transport import HttpProvider

# What is no secret of an account
_PLAIN = {"app_id": "app", "sdk_app_id": "14", "sign_name": "达达商城", "signature_id": "sign"}


def build(name: str, **options: Any) -> HttpProvider:
    """build("aliyun", base_url=url): the account `who`, no option set that is not needed."""
    platform = PLATFORMS[name]
    backend = import_string(platform.backend)
    parameters = signature(backend).parameters.values()
    needed = [one.name for one in parameters if one.default is one.empty]
    account = {option: _PLAIN.get(option, "hidden") for option in needed}
    account[next(iter(platform.options.values()))[0]] = "who"
    provider: HttpProvider = backend(**{**account, **options})
    return provider
