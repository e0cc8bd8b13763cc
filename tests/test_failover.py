"""容联云 is dead, in every way it can be: the shopper's code still arrives, and soon."""

import itertools
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests import live as product
from tests.live import Live

pytestmark = pytest.mark.live

WITHIN = 3.0  # seconds, from asking to the text on the phone
DEAD: dict[str, dict[str, Any]] = {
    "silent": {"kind": "timeout_before", "delay": 30},
    "silent after it took the text": {"kind": "timeout_after", "delay": 30},
    "an error page": {"kind": "http_500"},
    "a reset connection": {"kind": "reset"},
    "slow": {"kind": "slow", "delay": 10},
}

_phones = itertools.count(13_911_000_000)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    running = product.start(tmp_path_factory.mktemp("shop"), SMS_PROVIDERS="cloopen,aliyun")
    yield running
    product.stop(running)


@pytest.fixture(scope="module")
def without_cloopen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Nobody listens where 容联云 should be."""
    running = product.start(
        tmp_path_factory.mktemp("refused"),
        SMS_PROVIDERS="cloopen,aliyun",
        CLOOPEN_BASE_URL=f"http://127.0.0.1:{product.free_port()}",
    )
    yield running
    product.stop(running)


def _ask(shop: Live) -> tuple[str, float]:
    """(the phone, seconds until a text was there, and the shopper told so)."""
    phone = str(next(_phones))
    started = time.monotonic()
    answer = shop.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
    assert answer.status_code == 202, answer.text
    # A receipt of the silent platform may come first: then there is no need for another text.
    assert answer.json()["status"] in {"sent", "delivered"}
    assert shop.texts(phone)
    return phone, time.monotonic() - started


def _revive(shop: Live) -> None:
    """The sandbox's 容联云 works again, and the breaker has seen it."""
    requests.delete(f"{shop.sandbox_url}/sandbox/faults", timeout=10).raise_for_status()
    deadline = time.monotonic() + 30
    phone = ""
    while "cloopen" not in {text["provider"] for text in shop.texts(phone)}:
        assert time.monotonic() < deadline, "the breaker does not close"
        phone = str(next(_phones))
        shop.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
        time.sleep(0.2)


@pytest.mark.parametrize("fault", DEAD.values(), ids=DEAD)
def test_a_code_arrives_through_the_next_platform_in_time(
    shop: Live, fault: dict[str, Any]
) -> None:
    _revive(shop)
    shop.fault(seconds=60, **fault)
    phone, seconds = _ask(shop)
    assert seconds < WITHIN
    codes = {re.findall(r"\d{6}", text["text"])[0] for text in shop.texts(phone)}
    assert len(codes) == 1  # whichever text the shopper reads


def test_once_the_breaker_is_open_nobody_waits_for_the_dead_platform(shop: Live) -> None:
    _revive(shop)
    shop.fault(seconds=60, kind="timeout_before", delay=30)
    waits = [_ask(shop)[1] for _ in range(8)]
    assert max(waits[:3]) > 1  # each waited for 容联云 first
    assert min(waits[-2:]) < 1


def test_one_that_refuses_connections_costs_nothing(without_cloopen: Live) -> None:
    _, seconds = _ask(without_cloopen)
    assert seconds < WITHIN


def test_a_number_that_is_called_bad_is_not_tried_elsewhere(shop: Live) -> None:
    phone = str(next(_phones))
    _revive(shop)
    shop.fault(kind="error", code="160034", phone=phone)
    answer = shop.post("/v1/verifications/codes", {"phone": phone, "purpose": "login"})
    assert (answer.status_code, answer.json()["code"]) == (502, "delivery_failed")
    assert shop.texts(phone) == []
