"""Each wrong setting of VERIFICATIONS is told by an id of its own."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks

from tests.conftest import Configure
from verifications import checks, conf

GOOD = {"BACKEND": "verifications.providers.locmem.LocMem"}
CLOOPEN = "verifications.providers.cloopen.Cloopen"
LOCMEM = {"locmem": "1"}
ACCOUNT = {"account_sid": "a", "auth_token": "b", "app_id": "c"}
OPEN = "http://sms.example"

# A wrong value or several for each key.
WRONG_VALUES: dict[str, list[Any]] = {
    "CODE_LENGTH": [3, 10, "6", None, True],
    "CODE_TTL": [59, 3601, 300.5],
    "CODE_MAX_LIFE": [0, 3601],
    "MAX_GUESSES": [0, 11],
    "FAILURE_LIMIT": [[10], [0, 3600], [10, 0], 10],
    "PURPOSES": [[], ["Login"], ["a b"], ["a:b"], [""], "login"],
    "RESEND_INTERVAL": [0, 3601, -1],
    "PHONE_LIMITS": [[[101, 60]], [[5]], [[5, 0]], [[1, 1]] * 5],
    "IP_LIMITS": [[[0, 60]], [[1, 31 * 86_400]], {"5": 60}],
    "GLOBAL_LIMITS": [[[10**10, 60]], [5, 60]],
    "TRUSTED_PROXIES": [-1, 11, "1"],
    "ALLOWED_COUNTRIES": [[], ["cn"], ["CHN"], "CN"],
    "PROVIDERS": [[], {"a": {}}, {"a": {"BACKEND": "x", "UNKNOWN": 1}}, {"a": "x"}],
    "PROVIDER_ORDER": ["cloopen", [1], ["locmem:x"], ["locmem:0"], ["locmem:10000"]],
    "TEMPLATES": [
        {"default": "1"},
        {"default": {"locmem": "1"}},
        {"default": {"IDS": {"locmem": 1}}},
        {"default": {"IDS": {"locmem": "1"}, "PARAMS": "code"}},
        {"default": {"PARAMS": ["code"]}},
        {"default": {"IDS": {"locmem": "1"}, "SEGMENTS": 0}},
        {"default": {"IDS": {"locmem": "1"}, "SEGMENTS": 21}},
    ],
    "PRICES": [
        {"locmem": 0.05},
        {"locmem": ""},
        {"locmem": "-1"},
        {"locmem": "0.00001"},
        {"locmem": "10000"},
        {"locmem": "1e3"},
        ["0.05"],
    ],
    "CREATE_ON_LOGIN": ["yes", 1],
    "CREATE_USER": [None, len],
    "TOKEN_TTL": [0, 31 * 86_400],
    "PROOF_TTL": [59, 3601],
    "REDIS_ALIAS": [0],
    "REDIS_REPLICAS": [-1, 10],
    "KEY_PREFIX": ["", "a b", "{x}", "x" * 33, "a:b"],
    "ROUTES": [[], {"shipped": "locmem"}, {"shipped": ["Locmem"]}, {"US": ["locmem:0"]}],
    "BREAKER": [[5], [0, 15], [5, 0], [1001, 15], 5],
    "CONCURRENCY": [0, 257],
    "CLAIM_TTL": [4, 3601],
    "REQUEUE_AFTER": [0, 3601],
    "TIME_ZONE": [None, 8],
    "NOTICE_TTL": [0, 31 * 86_400],
    "QUIET_HOURS": [["22:00"], ["22:00", "24:00"], ["22", "8"], "22:00", []],
    "IDEMPOTENCY_TTL": [0, 31 * 86_400],
    "PICKUP_TTL": [0, 31 * 86_400],
    "PICKUP_FAILURE_LIMIT": [[5], [0, 3600], [101, 3600]],
    "RECEIPT_SECRET": ["a-secret-0123456789", None, [""], ["new", "a/b"], ["x" * 129], [1]],
    "GUARD": ["on", True, None],
    "GUARD_WINDOW": [59, 86_401],
    "GUARD_BOUNDS": [[], {"phone": [1, 1.0]}, {"ip": [0, 1.0]}, {"ip": [1, -0.1]}, {"ip": 1}],
    "CAPTCHA_ABOVE": [{"phone": 1}, {"ip": 0}, 5],
    "PREFIX_LIMITS": [[[0, 60]], 5],
    "STRANGER_LIMITS": [[[101, 60]], [[5]]],
    "KNOWN_TTL": [0, 31 * 86_400],
    "TEST_NUMBERS": [
        {"13800138000": {"CODE": "123456"}},
        {"+8613800138000": {"CODE": "abc"}},
        {"+8613800138000": {"CODE": "123456", "UNTIL": "soon"}},
        {"+8613800138000": "123456"},
    ],
    "CAPTCHA": ["sometimes", True, None],
    "CAPTCHA_BACKEND": [None, len],
    "CAPTCHA_OPTIONS": [None, [], "cost"],
    "SERVICE_KEYS": [
        *("sha256:" + "0" * 64, [""], ["plain-key-0123456789"], ["sha256:" + "0" * 63]),
        *(["sha256:" + "A" * 64], ["sha256:" + "0" * 65], ["0" * 64], [f"sha256:{'0' * 64}\n"]),
    ],
    "ADMIN_LOGIN_LIMIT": [[10], [0, 900], [101, 900], [10, 0]],
}

# What is wrong of settings whose every value is in its bounds.
WRONG_TOGETHER: list[tuple[str, dict[str, Any]]] = [
    ("E001", {"CODE_TLL": 300}),
    ("E001", {"code_ttl": 300}),
    ("E002", {"PROVIDER_ORDER": []}),
    ("E002", {"PROVIDER_ORDER": ["nobody"]}),
    ("E002", {"PROVIDERS": {"locmem": {"BACKEND": "no.such.module.Class"}}}),
    ("E002", {"PROVIDERS": {"locmem": {"BACKEND": "verifications.providers.locmem.Nothing"}}}),
    ("E002", {"PROVIDERS": {"locmem": {"BACKEND": "locmem"}}}),
    ("E002", {"PROVIDERS": {"locmem": {**GOOD, "OPTIONS": {"nonsense": 1}}}}),
    ("E002", {"PROVIDERS": {"locmem": {"BACKEND": CLOOPEN}}}),  # it needs its account
    (
        "E002",
        {"PROVIDERS": {"locmem": {"BACKEND": CLOOPEN, "OPTIONS": {**ACCOUNT, "base_url": 1}}}},
    ),
    (
        "E002",
        {"PROVIDERS": {"locmem": {"BACKEND": CLOOPEN, "OPTIONS": {**ACCOUNT, "base_url": OPEN}}}},
    ),
    ("E002", {"ROUTES": {"shipped": ["nobody"]}}),
    ("E003", {"TEMPLATES": {}}),
    ("E003", {"TEMPLATES": {"default": {"IDS": {"cloopen": "1"}}}}),
    ("E003", {"TEMPLATES": {"default": {"IDS": LOCMEM}, "pickup": {"IDS": {"cloopen": "3"}}}}),
    ("E003", {"TEMPLATES": {"default": {"IDS": LOCMEM}, "shipped": {"IDS": {"cloopen": "2"}}}}),
    ("E004", {"CREATE_USER": "verifications.accounts.nobody"}),
    ("E004", {"CREATE_USER": "create_user"}),
    ("E005", {"REDIS_ALIAS": "nowhere"}),
    ("E006", {"CAPTCHA_BACKEND": "no.such.module.Class"}),
    ("E006", {"CAPTCHA_BACKEND": "verifications.captcha.Nothing"}),
    ("E006", {"CAPTCHA_BACKEND": "altcha"}),
    ("E006", {"CAPTCHA_BACKEND": "verifications.captcha.Captcha"}),
    ("E006", {"CAPTCHA_BACKEND": "builtins.dict"}),
    ("E006", {"CAPTCHA_OPTIONS": {"nonsense": 1}}),
    ("E006", {"CAPTCHA_OPTIONS": {"cost": 99}}),
    ("E006", {"CAPTCHA_OPTIONS": {"cost": 20_001}}),
    ("E006", {"CAPTCHA_OPTIONS": {"cost": 2000.0}}),
    ("E006", {"CAPTCHA_OPTIONS": {"max_counter": 0}}),
    ("E006", {"CAPTCHA_OPTIONS": {"max_counter": 100_001}}),
    ("E006", {"CAPTCHA_OPTIONS": {"ttl": True}}),
    ("E006", {"CAPTCHA_OPTIONS": {"ttl": 29}}),
    ("E006", {"CAPTCHA_OPTIONS": {"ttl": 3601}}),
    ("E112", {"ALLOWED_COUNTRIES": ["CN", "XX"]}),
    ("E138", {"PRICES": {"clopen": "0.05"}}),
    ("E127", {"TIME_ZONE": "Asia/Atlantis"}),
    ("E004", {"CREATE_USER": "verifications.accounts.__name__"}),
]


def _ids() -> list[str]:
    found = (str(one.id) for one in run_checks() if str(one.id).startswith("verifications."))
    return [one.removeprefix("verifications.") for one in found]


def test_the_projects_settings_pass() -> None:
    assert _ids() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [(key, value) for key, values in WRONG_VALUES.items() for value in values],
)
def test_a_wrong_value_is_told_by_its_keys_id(key: str, value: Any, settings: LazySettings) -> None:
    settings.VERIFICATIONS = {**settings.VERIFICATIONS, key: value}
    (error,) = run_checks()
    assert error.id == f"verifications.{checks._IDS[key]}"
    assert f"VERIFICATIONS['{key}']" in error.msg


@pytest.mark.parametrize(("number", "change"), WRONG_TOGETHER)
def test_what_does_not_fit_together(
    number: str, change: dict[str, Any], configure: Configure
) -> None:
    configure(**change)
    assert set(_ids()) == {number}


def test_one_platform_may_lack_a_purposes_template_by_name_alone(configure: Configure) -> None:
    templates = {"default": {"IDS": LOCMEM}, "pickup": {"IDS": {**LOCMEM, "cloopen": "3"}}}
    configure(TEMPLATES=templates)
    assert _ids() == []


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_verifications_has_to_be_a_dict(value: Any, settings: LazySettings) -> None:
    settings.VERIFICATIONS = value
    assert _ids() == ["E001"]


def test_several_mistakes_are_told_at_once(configure: Configure) -> None:
    configure(CODE_LENGTH=1, TOKEN_TTL=0, NONSENSE=1)
    assert sorted(_ids()) == ["E001", "E101", "E118"]


def test_a_purpose_that_lacks_a_template_is_named(configure: Configure) -> None:
    configure(TEMPLATES={"default": {"IDS": LOCMEM}, "pickup": {"IDS": {"cloopen": "3"}}})
    (error,) = run_checks()
    assert error.msg == "TEMPLATES has no template of 'locmem' for 'pickup'."


def test_a_platform_without_templates_is_told_once(configure: Configure) -> None:
    configure(TEMPLATES={"default": {"IDS": {"cloopen": "1"}}}, PURPOSES=["login", "pickup"])
    (error,) = run_checks()
    assert error.msg == "TEMPLATES has no template of 'locmem' for 'login', 'pickup'."
    assert str(error.hint).endswith("LOCMEM_TEMPLATE_ID.")


def test_a_notice_that_no_platform_in_use_has_is_told(configure: Configure) -> None:
    shipped = {"IDS": {"cloopen": "2"}, "PARAMS": ["order"]}
    configure(TEMPLATES={"default": {"IDS": LOCMEM}, "shipped": shipped})
    (error,) = run_checks()
    assert error.msg == "TEMPLATES['shipped'] has no id of a platform in use (locmem)."
    configure(ROUTES={"shipped": ["cloopen"]})
    assert all("'shipped' has" not in one.msg for one in run_checks())


def test_every_key_has_an_id_and_none_twice() -> None:
    assert checks._IDS.keys() == {name.upper() for name in conf.Conf.__struct_fields__}
    assert len(set(checks._IDS.values())) == len(checks._IDS)


def test_every_id_is_covered_here() -> None:
    source = Path(checks.__file__).read_text()
    provoked = {checks._IDS[key] for key in WRONG_VALUES} | {one for one, _ in WRONG_TOGETHER}
    assert set(re.findall(r'"(E\d{3})"', source)) == provoked
