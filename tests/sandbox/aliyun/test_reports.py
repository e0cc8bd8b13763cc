"""SmsReport, pushed as the platform documents it."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.aliyun.client import Client
from tests.sandbox.listener import Listener, listening


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
    biz_id = client.send(PhoneNumbers="+8613800138000", OutId="o1")["BizId"]
    report = pushed(listener)
    assert report.pop("send_time") == report.pop("report_time")
    assert report == {
        "phone_number": "13800138000",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": biz_id,
        "out_id": "o1",
    }


def test_one_a_number_of_one_biz_id(client: Client, listener: Listener) -> None:
    biz_id = client.send(PhoneNumbers="13800138000,13900139000")["BizId"]
    reports = [pushed(listener) for _ in range(2)]
    assert [row["phone_number"] for row in reports] == ["13800138000", "13900139000"]
    assert {row["biz_id"] for row in reports} == {biz_id}


def test_failed(client: Client, listener: Listener) -> None:
    client.fault("failed_receipt", code="MOBILE_IN_BLACK")
    client.send()
    report = pushed(listener)
    assert (report["success"], report["err_code"]) == (False, "MOBILE_IN_BLACK")
    assert client.texts() == []


def test_a_long_text_counts_its_parts(client: Client, listener: Listener) -> None:
    client.send(TemplateParam={"code": "9" * 71, "minutes": "5"})
    assert pushed(listener)["sms_size"] == "2"
