"""The callback, pushed as the platform documents it."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.listener import Listener, listening
from tests.sandbox.tencent.client import Client


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as running:
        yield running


@pytest.fixture
def box(listener: Listener) -> Iterator[Sandbox]:
    with Sandbox(receipts_to=listener.url, receipt_delay=0.01) as running:
        yield running


def pushed(listener: Listener) -> dict[str, Any]:
    _path, media, reports = listener.pushes.get(timeout=5)
    assert media == "application/json;charset=utf-8"
    (report,) = reports
    told: dict[str, Any] = report
    return told


def test_shape(client: Client, listener: Listener) -> None:
    (status,) = client.send(SessionContext="s")
    report = pushed(listener)
    assert report.pop("user_receive_time").startswith(f"{client.box.world.time():%Y-%m-}")
    assert report == {
        "nationcode": "86",
        "mobile": "13800138000",
        "report_status": "SUCCESS",
        "errmsg": "DELIVRD",
        "description": "用户短信接收成功",
        "sid": status["SerialNo"],
        "ext": "s",
    }


def test_one_a_number_with_its_own_sid(client: Client, listener: Listener) -> None:
    statuses = client.send(PhoneNumberSet=["13800138000", "+1", "13900139000"])
    reports = [pushed(listener) for _ in range(2)]
    assert [row["sid"] for row in reports] == [statuses[0]["SerialNo"], statuses[2]["SerialNo"]]
    assert listener.quiet()


def test_failed(client: Client, listener: Listener) -> None:
    client.fault("failed_receipt", code="MK:0001")
    client.send()
    report = pushed(listener)
    assert (report["report_status"], report["errmsg"]) == ("FAIL", "MK:0001")
    assert client.texts() == []
