"""Where reports may be pushed: to this machine only."""

import pytest

from sandbox import Sandbox
from sandbox.receipts import TargetError, check_target
from tests.sandbox.client import TIMEOUT, Client
from tests.sandbox.listener import listening

OUTSIDE = [
    "http://example.com/",
    "http://10.0.0.1/",
    "http://0.0.0.0/",
    "http://169.254.169.254/",
    "http://127.0.0.1@example.com/",
    "http://localhost.example.com/",
    "http://[::2]/",
    "https://127.0.0.1/",
    "ftp://127.0.0.1/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1/a b",
    "127.0.0.1:8000",
    "",
]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/x", "http://127.8.9.1/", "http://localhost/", "http://[::1]:8/"]
)
def test_this_machine(url: str) -> None:
    assert check_target(url) == url


@pytest.mark.parametrize("url", OUTSIDE)
def test_elsewhere(url: str) -> None:
    with pytest.raises(TargetError):
        check_target(url)


def test_elsewhere_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match=r"example\.com"):
        Sandbox(receipts_to="http://example.com/")


@pytest.mark.parametrize(
    "body",
    [{"cloopen": url} for url in OUTSIDE[:3]]
    + [{"acme": "http://127.0.0.1/"}, {"cloopen": 1}, {}, []],
)
def test_put_refused(client: Client, body: object) -> None:
    url = f"{client.box.url}/sandbox/receipts"
    answer = client.session.put(url, json=body, timeout=TIMEOUT)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert client.session.get(url, timeout=TIMEOUT).json()["targets"] == {}


def test_put_and_take_away(client: Client) -> None:
    url = f"{client.box.url}/sandbox/receipts"
    with listening() as listener:
        told = client.session.put(url, json={"cloopen": listener.url}, timeout=TIMEOUT).json()
        assert told["targets"] == {"cloopen": listener.url}
        client.send()
        assert listener.next()["fromNum"] == "13800138000"
        client.session.put(url, json={"cloopen": None}, timeout=TIMEOUT)
        client.send()
        assert listener.quiet(0.2)


def test_each_platform_has_its_own_url() -> None:
    box = Sandbox(receipts_to="http://127.0.0.1:1/v1/receipts/{provider}/s")
    with box:
        targets = box.world.receipts.listing()["targets"]
        names = [platform.name for platform in box.world.platforms]
    assert targets == {name: f"http://127.0.0.1:1/v1/receipts/{name}/s" for name in names}
