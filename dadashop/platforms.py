"""The SMS platforms from the environment: each the sandbox's invented account until its own is set.

`<PLATFORM>_TEMPLATE_ID` is the template of codes; `<PLATFORM>_TEMPLATE_SHIPPED` and
`<PLATFORM>_TEMPLATE_PICKUP_CODE` those of the texts named so.
"""

from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured

from dadashop.environment import Env

# The text's name -> the end of its variable, the names of its places in their order
TEXTS = {
    "default": ("ID", ["code", "minutes"]),
    "shipped": ("SHIPPED", ["order", "company", "number"]),
    "pickup_code": ("PICKUP_CODE", ["code", "order", "until"]),
}


_TEST_TEMPLATE = "1"  # 容联云's own, which every account has


class Platform(NamedTuple):
    """`options` are those of its class: variable -> (keyword, the sandbox's value)."""

    backend: str
    base_url: str
    options: dict[str, tuple[str, str]]
    templates: tuple[str, str, str]  # the sandbox's, in the order of TEXTS


PLATFORMS = {
    "cloopen": Platform(
        "verifications.providers.cloopen.Cloopen",
        "https://app.cloopen.com:8883",
        {
            "ACCOUNT_SID": ("account_sid", "8aaf0708000000000123456789abcdef"),
            "AUTH_TOKEN": ("auth_token", "0123456789abcdef0123456789abcdef"),
            "APP_ID": ("app_id", "8aaf070800000000fedcba9876543210"),
        },
        ("1", "2", "3"),
    ),
    "aliyun": Platform(
        "verifications.providers.aliyun.Aliyun",
        "https://dysmsapi.aliyuncs.com",
        {
            "ACCESS_KEY_ID": ("access_key_id", "LTAI5tSandboxDadashop00"),
            "ACCESS_KEY_SECRET": ("access_key_secret", "sandboxAliyunSecret0123456789a"),
            "SIGN_NAME": ("sign_name", "达达商城"),
        },
        ("SMS_100001", "SMS_100002", "SMS_100003"),
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
        ("1000001", "1000002", "1000003"),
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
        ("sms-tmpl-code0000001", "sms-tmpl-shipped0001", "sms-tmpl-pickup00001"),
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


def templates(env: Env) -> dict[str, dict[str, Any]]:
    """VERIFICATIONS["TEMPLATES"]: a text with the platforms that have it."""
    found: dict[str, dict[str, Any]] = {}
    for place, (text, (ending, params)) in enumerate(TEXTS.items()):
        ids = {}
        for name, platform in PLATFORMS.items():
            known = _invented(env, name) or platform.templates[place] == _TEST_TEMPLATE
            default = platform.templates[place] if known else ""
            ids[name] = env(f"{name.upper()}_TEMPLATE_{ending}", default=default)
        if ids := {name: id_ for name, id_ in ids.items() if id_}:
            found[text] = {"IDS": {**ids, "locmem": text}, "PARAMS": params}
    return found


def prices(env: Env) -> dict[str, str]:
    """VERIFICATIONS["PRICES"] from `SMS_PRICES=cloopen:0.045,aliyun:0.04`; its check tells what is
    no price."""
    pairs = (pair.partition(":") for pair in env.list("SMS_PRICES", default=[]))
    return {name: price for name, _, price in pairs}


def _invented(env: Env, name: str) -> bool:
    """Whether the platform's account is the sandbox's: its first variable is what tells."""
    variable, (_, sandboxed) = next(iter(PLATFORMS[name].options.items()))
    return env(f"{name.upper()}_{variable}", default="") in {"", sandboxed}
