"""Each platform, its account and its templates are asked whether texts would go out."""

import re

import pytest

from dadashop import platforms
from dadashop.environment import Env
from sandbox import Sandbox
from tests.conftest import Configure
from tests.live import free_port
from tests.verifications.doctor.conftest import NO_MONEY, OURS, UseCloopen, doctor


def test_a_platform_that_has_no_account_has_no_line() -> None:
    code, told = doctor()
    assert code == 0
    assert told.keys() == OURS | {"locmem breaker"}


def test_each_template_is_asked_for_once(cloopen: UseCloopen) -> None:
    cloopen({"default": "1", "pickup": "3", "login": "1"})
    code, told = doctor()
    assert code == 0
    asked = [name for name in told if "template" in name]
    assert asked == ["cloopen template 1", "cloopen template 3"]


@pytest.mark.parametrize(
    ("template", "word"),
    [("4", "FAIL not approved; check its id"), ("999", "FAIL 1"), ("90001", "FAIL 1")],
)
def test_a_template_that_may_not_be_used(template: str, word: str, cloopen: UseCloopen) -> None:
    cloopen({"default": "1", "pickup": template})
    code, told = doctor()
    assert code == 1
    assert told["cloopen template 1"] == "ok approved"
    assert told[f"cloopen template {template}"].startswith(word)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"auth_token": "s3cret" * 5}, "FAIL 1.*; check the variables CLOOPEN_… and this"),
        ({"account_sid": "8aaf0708000000009999999999999999"}, "FAIL 1.*; check the variables"),
        (NO_MONEY, "FAIL balance 0.00; top it up"),
        (
            {"base_url": f"http://127.0.0.1:{free_port()}"},
            "FAIL ConnectionError .*; is the sandbox there. Name its port in SANDBOX_PORT",
        ),
        (
            {"base_url": f"https://sms.invalid:{free_port()}"},
            "FAIL ConnectionError .*; check CLOOPEN_BASE_URL, and that a firewall",
        ),
    ],
    ids=["wrong token", "unknown account", "no money", "no sandbox", "nobody there"],
)
def test_an_account_that_cannot_send(
    change: dict[str, str], word: str, cloopen: UseCloopen
) -> None:
    cloopen(**change)
    code, told = doctor()
    assert code == 1
    assert re.match(word, told["cloopen account"])
    assert told["redis"] == "ok answers"
    assert "cloopen template 1" not in told  # it would only say the same again


def test_every_platform_of_any_order_is_asked(box: Sandbox, configure: Configure) -> None:
    configure(
        PROVIDERS=platforms.providers(Env(), box.url),
        PROVIDER_ORDER=["cloopen:2", "aliyun:1"],
        ROUTES={"shipped": ["tencent"], "US": ["baidu"]},
    )
    code, told = doctor()
    assert code == 0
    asked = {name.split()[0] for name in told} - OURS
    assert asked == {"cloopen", "aliyun", "tencent", "baidu"}
