"""The SMS platforms from the environment: each the sandbox's invented account until its own is set.

`<PLATFORM>_TEMPLATE_ID` is the template of codes, `<PLATFORM>_TEMPLATE_<PURPOSE>` that of a purpose
which has its own; `<PLATFORM>_TEMPLATE_SHIPPED` and `<PLATFORM>_TEMPLATE_PICKUP_CODE` are those of
the texts named so.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured

from dadashop.environment import Env
from verifications.conf import Conf

# The text's name -> the names of its places in their order
TEXTS = {
    "default": ["code", "minutes"],
    "shipped": ["order", "company", "number"],
    "pickup_code": ["code", "order", "until"],
}

TEST_TEMPLATE = "1"  # 容联云's own, which every account has


class Platform(NamedTuple):
    """`options` are those of its class: variable -> (keyword, the sandbox's value)."""

    backend: str
    base_url: str
    options: dict[str, tuple[str, str]]
    templates: dict[str, str]  # the sandbox's: a name of TEXTS -> its id


PLATFORMS = {
    "cloopen": Platform(
        "verifications.providers.cloopen.Cloopen",
        "https://app.cloopen.com:8883",
        {
            "ACCOUNT_SID": ("account_sid", "8aaf0708000000000123456789abcdef"),
            "AUTH_TOKEN": ("auth_token", "0123456789abcdef0123456789abcdef"),
            "APP_ID": ("app_id", "8aaf070800000000fedcba9876543210"),
        },
        {"default": TEST_TEMPLATE, "shipped": "2", "pickup_code": "3"},
    ),
    "aliyun": Platform(
        "verifications.providers.aliyun.Aliyun",
        "https://dysmsapi.aliyuncs.com",
        {
            "ACCESS_KEY_ID": ("access_key_id", "LTAI5tSandboxDadashop00"),
            "ACCESS_KEY_SECRET": ("access_key_secret", "sandboxAliyunSecret0123456789a"),
            "SIGN_NAME": ("sign_name", "达达商城"),
        },
        {"default": "SMS_100001", "shipped": "SMS_100002", "pickup_code": "SMS_100003"},
    ),
    "tencent": Platform(
        "verifications.providers.tencent.Tencent",
        "https://sms.tencentcloudapi.com",
        {
            "SECRET_ID": ("secret_id", "AKIDSandboxDadashop0000000000000000"),
            "SECRET_KEY": ("secret_key", "sandboxTencentKey00000000000000"),
            "SDK_APP_ID": ("sdk_app_id", "1400000001"),
            "SIGN_NAME": ("sign_name", "达达商城"),
        },
        {"default": "1000001", "shipped": "1000002", "pickup_code": "1000003"},
    ),
    "baidu": Platform(
        "verifications.providers.baidu.Baidu",
        "https://smsv3.bj.baidubce.com",
        {
            "ACCESS_KEY_ID": ("access_key_id", "sandboxbaiduak000000000000000000"),
            "SECRET_ACCESS_KEY": ("secret_access_key", "sandboxbaidusk000000000000000000"),
            "SIGNATURE_ID": ("signature_id", "sms-sign-dadashop01"),
            "ACCOUNT_ID": ("account_id", "sandboxbaiduaccount0000000000000"),
        },
        {
            "default": "sms-tmpl-code0000001",
            "shipped": "sms-tmpl-shipped0001",
            "pickup_code": "sms-tmpl-pickup00001",
        },
    ),
}


def providers(env: Env, sandbox_url: str) -> dict[str, dict[str, Any]]:
    """VERIFICATIONS["PROVIDERS"]. ImproperlyConfigured where half an account is set."""
    found: dict[str, dict[str, Any]] = {"locmem": {"BACKEND": _LOCMEM}}
    for name, platform in PLATFORMS.items():
        invented = _invented(env, name)
        options = {
            keyword: sandboxed if invented else _own(env, name, variable)
            for variable, (keyword, sandboxed) in platform.options.items()
        }
        own = sandbox_url if invented else platform.base_url
        options["base_url"] = env(f"{name.upper()}_BASE_URL", default=own)
        found[name] = {"BACKEND": platform.backend, "OPTIONS": options}
    if region := env("TENCENT_REGION", default=""):
        found["tencent"]["OPTIONS"]["region"] = region
    if env.flag("CLOOPEN_PULL_RECEIPTS", default=False):
        found["cloopen"]["OPTIONS"]["pull"] = True
    return found


def _own(env: Env, name: str, variable: str) -> str:
    value: str = env(f"{name.upper()}_{variable}", default="")
    if not value:
        first = f"{name.upper()}_{next(iter(PLATFORMS[name].options))}"
        raise ImproperlyConfigured(
            f"{name.upper()}_{variable}: is not set, but {first} is; set the whole account or none"
        )
    return value


_LOCMEM = "verifications.providers.locmem.LocMem"


def templates(env: Env, order: Iterable[str]) -> dict[str, dict[str, Any]]:
    """VERIFICATIONS["TEMPLATES"]: a text with the platforms that have it.

    Those are the platforms whose variable is set and, of `order` (SMS_PROVIDERS), the sandbox's.
    """
    used = {place.partition(":")[0] for place in order}
    found = {text: (_ids(env, text, used), params) for text, params in TEXTS.items()}
    for purpose in Conf().purposes:
        if own := _ids(env, purpose, used):
            found[purpose] = {**found["default"][0], **own}, TEXTS["default"]
    return {
        text: {"IDS": {**ids, "locmem": text}, "PARAMS": params}
        for text, (ids, params) in found.items()
        if ids or "locmem" in used
    }


def template_variable(name: str, text: str) -> str:
    return f"{name.upper()}_TEMPLATE_{'ID' if text == 'default' else text.upper()}"


def _ids(env: Env, text: str, used: set[str]) -> dict[str, str]:
    found = {}
    for name, platform in PLATFORMS.items():
        id_ = platform.templates.get(text, "")
        known = name in used and (_invented(env, name) or id_ == TEST_TEMPLATE)
        found[name] = env(template_variable(name, text), default=id_ if known else "")
    return {name: id_ for name, id_ in found.items() if id_}


def prices(env: Env) -> dict[str, str]:
    """VERIFICATIONS["PRICES"] from `SMS_PRICES=cloopen:0.045,aliyun:0.04`; its check tells what is
    no price."""
    pairs = (pair.partition(":") for pair in env.list("SMS_PRICES", default=[]))
    return {name: price for name, _, price in pairs}


def _invented(env: Env, name: str) -> bool:
    """Whether the platform's account is the sandbox's: its first variable is what tells."""
    variable, (_, sandboxed) = next(iter(PLATFORMS[name].options.items()))
    return env(f"{name.upper()}_{variable}", default="") in {"", sandboxed}
