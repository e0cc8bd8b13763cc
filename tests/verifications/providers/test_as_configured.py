"""What a platform is where its settings name no more than an account."""

import pytest

from tests.verifications.providers.accounts import build


@pytest.mark.parametrize(
    ("name", "base_url", "shown"),
    [
        ("cloopen", "https://app.cloopen.com:8883", "Cloopen(account_sid='who', {})"),
        ("aliyun", "https://dysmsapi.aliyuncs.com", "Aliyun(access_key_id='who', {})"),
        ("tencent", "https://sms.tencentcloudapi.com", "Tencent(secret_id='who', {})"),
        ("baidu", "https://smsv3.bj.baidubce.com", "Baidu(access_key_id='who', {})"),
    ],
)
def test_it_is_at_its_own_address_and_shows_no_secret(name: str, base_url: str, shown: str) -> None:
    provider = build(name)
    assert (provider.name, provider.base_url) == (name, base_url)
    assert provider.host == base_url.removeprefix("https://")
    assert provider.timeout == (1.0, 2.0)
    assert repr(provider) == shown.format(f"base_url={base_url!r}")


@pytest.mark.parametrize("name", ["cloopen", "aliyun", "tencent", "baidu"])
def test_it_may_be_elsewhere_and_slower(name: str) -> None:
    provider = build(name, base_url="https://sms.example.com/api/", timeout=(3.0, 4.0))
    assert provider.base_url == "https://sms.example.com/api"
    assert provider.host == "sms.example.com"
    assert provider.timeout == (3.0, 4.0)
