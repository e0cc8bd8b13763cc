"""How often a fault plays, for whom, and in which order."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.sandbox.client import TIMEOUT, Client


def waiting(client: Client) -> list[dict[str, Any]]:
    faults: list[dict[str, Any]] = client.session.get(
        f"{client.box.url}/sandbox/faults", timeout=TIMEOUT
    ).json()
    return faults


def test_once_unless_told_otherwise(client: Client) -> None:
    client.fault("error", code="160000")
    assert [client.code(), client.code()] == ["160000", "000000"]


def test_times(client: Client) -> None:
    client.fault("error", code="160000", times=2)
    assert [client.code() for _ in range(3)] == ["160000", "160000", "000000"]


def test_times_are_not_exceeded_by_many_at_once(client: Client) -> None:
    client.fault("error", code="160000", times=5)
    with ThreadPoolExecutor(10) as pool:
        clients = [Client(client.box) for _ in range(20)]
        codes = list(pool.map(lambda each: each.code(), clients))
    assert codes.count("160000") == 5


def test_seconds(client: Client) -> None:
    client.fault("error", code="160000", seconds=0.4)
    assert [client.code(), client.code()] == ["160000", "160000"]
    time.sleep(0.45)
    assert client.code() == "000000"
    assert waiting(client) == []


def test_in_their_order(client: Client) -> None:
    client.fault("error", code="160000")
    client.fault("error", code="160001")
    assert [client.code() for _ in range(3)] == ["160000", "160001", "000000"]


def test_for_one_phone(client: Client) -> None:
    client.fault("error", code="160000", phone="+8613900139000")
    assert client.code(to="13800138000") == "000000"
    assert client.code(to="13800138000,13900139000") == "160000"


def test_for_sends_only(client: Client) -> None:
    client.fault("error", code="160000")
    info = client.post("AccountInfo", b"", method="GET").json()
    assert (info["statusCode"], client.code()) == ("000000", "160000")


def test_for_another_call(client: Client) -> None:
    client.fault("error", code="160000", api="AccountInfo")
    info = client.post("AccountInfo", b"", method="GET").json()
    assert (client.code(), info["statusCode"]) == ("000000", "160000")


def test_listing_counts_down(client: Client) -> None:
    told = client.fault("error", code="160000", times=2, phone="13800138000")
    assert {key: told[key] for key in ("provider", "kind", "times", "code", "phone")} == {
        "provider": "cloopen",
        "kind": "error",
        "times": 2,
        "code": "160000",
        "phone": "+8613800138000",
    }
    client.send()
    assert [fault["times"] for fault in waiting(client)] == [1]
    client.send()
    assert waiting(client) == []


def test_clear(client: Client) -> None:
    client.fault("error", code="160000", times=9)
    client.session.delete(f"{client.box.url}/sandbox/faults", timeout=TIMEOUT)
    assert waiting(client) == []
    assert client.code() == "000000"
