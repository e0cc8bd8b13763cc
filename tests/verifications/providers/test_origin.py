"""The last line of a code's text that binds it to a web site, through each platform."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from uuid import uuid4

import pytest
import requests
from django.utils.module_loading import import_string

from dadashop.platforms import PLATFORMS
from sandbox import Sandbox
from sandbox.phones import segments
from verifications.providers import Text

HOST = "mall.example.com"
CODE = "902817"
# https://wicg.github.io/sms-one-time-codes/: an origin, an embedded one, the code.
_LAST_LINE = re.compile(r"@([^\s@#%]+)(?: @([^\s@#%]+))? #([^\s@#%]+)")


class Bound(NamedTuple):
    host: str
    code: str


def parsed(text: str) -> Bound | None:
    """What a browser reads of a text: of its last line alone, and that as a whole."""
    found = _LAST_LINE.fullmatch(text.splitlines()[-1])
    return Bound(found[1], found[3]) if found else None


@pytest.fixture(scope="module")
def site() -> Iterator[Sandbox]:
    with Sandbox(port=0, origin=HOST) as running:
        yield running


@pytest.fixture(params=PLATFORMS)
def texted(
    request: pytest.FixtureRequest, site: Sandbox, new_phone: Callable[[], str]
) -> Callable[..., str]:
    """texted("default", code=…): what a phone reads of the platform's text of that name."""
    platform = PLATFORMS[request.param]
    options = dict(platform.options.values())
    provider = import_string(platform.backend)(**options, base_url=site.url)

    def send(name: str, **params: str) -> str:
        phone = f"+86{new_phone()}"
        provider.send(Text([phone], platform.templates[name], params, uuid4().hex))
        (received,) = site.world.phones.messages(phone)
        return received.text

    return send


def test_a_browser_finds_host_and_code(texted: Callable[..., str]) -> None:
    assert parsed(texted("default", code=CODE, minutes="5")) == (HOST, CODE)


def test_a_person_finds_the_code_first(texted: Callable[..., str]) -> None:
    text = texted("default", code=CODE, minutes="5")
    assert re.findall(r"\d{4,}", text)[0] == CODE
    assert "5分钟" in text.splitlines()[0]


def test_it_is_one_text_still(texted: Callable[..., str]) -> None:
    assert segments(texted("default", code=CODE, minutes="5")) == 1


def test_a_notice_is_bound_to_nothing(texted: Callable[..., str]) -> None:
    assert parsed(texted("shipped", order="D1", company="顺丰", number="SF1")) is None
    assert parsed(texted("pickup_code", code="12345678", order="D1", until="7月8日")) is None


def test_it_is_the_template_that_is_registered(site: Sandbox) -> None:
    listed = requests.get(f"{site.url}/sandbox/accounts", timeout=5).json()
    texts = [account["templates"][0]["text"] for account in listed]
    assert len(texts) == 12
    assert {text.rpartition("\n")[2] for text in texts} == {
        f"@{HOST} #{{1}}",
        f"@{HOST} #${{code}}",
    }


@pytest.mark.parametrize(
    "text", [f"@{HOST}", f"@{HOST} #1 ", f"@{HOST} #1\nx", f"x @{HOST} #1", f"#1 @{HOST}", "@ #1"]
)
def test_what_a_browser_would_not_read(text: str) -> None:
    assert parsed(text) is None
