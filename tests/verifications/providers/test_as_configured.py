"""What a platform is where its settings name no more than an account."""

import pytest

from dadashop.platforms import PLATFORMS
from tests.verifications.providers.accounts import build


@pytest.mark.parametrize("name", PLATFORMS)
def test_it_is_at_its_own_address_and_shows_no_secret(name: str) -> None:
    platform, provider = PLATFORMS[name], build(name)
    base_url, (first, _) = platform.base_url, next(iter(platform.options.values()))
    assert (provider.name, provider.base_url) == (name, base_url)
    assert provider.host == base_url.removeprefix("https://")
    assert provider.timeout == (1.0, 2.0)
    kind = platform.backend.rpartition(".")[2]
    assert repr(provider) == f"{kind}({first}='who', base_url={base_url!r})"


@pytest.mark.parametrize("name", PLATFORMS)
def test_it_may_be_elsewhere_and_slower(name: str) -> None:
    provider = build(name, base_url="https://sms.example.com/api/", timeout=(3.0, 4.0))
    assert provider.base_url == "https://sms.example.com/api"
    assert provider.host == "sms.example.com"
    assert provider.timeout == (3.0, 4.0)
