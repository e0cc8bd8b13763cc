"""What a text costs on each platform, from the environment."""

import environ
import pytest
from django.core.checks import run_checks

from dadashop import platforms
from tests.conftest import Configure


@pytest.mark.parametrize(
    ("value", "prices"),
    [
        ("", {}),
        ("cloopen:0.045", {"cloopen": "0.045"}),
        ("cloopen:0.045,aliyun:0.04", {"cloopen": "0.045", "aliyun": "0.04"}),
    ],
)
def test_prices(value: str, prices: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_PRICES", value)
    assert platforms.prices(environ.Env()) == prices


@pytest.mark.parametrize("value", ["cloopen", "cloopen=0.045", "cloopen:cheap", "0.045", "x:0.05"])
def test_what_is_no_price_is_told_by_its_check(
    value: str, monkeypatch: pytest.MonkeyPatch, configure: Configure
) -> None:
    monkeypatch.setenv("SMS_PRICES", value)
    configure(PRICES=platforms.prices(environ.Env()))
    assert [one.id for one in run_checks()] == ["verifications.E138"]
