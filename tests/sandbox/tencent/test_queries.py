"""DescribeSmsTemplateList and PullSmsSendStatus."""

import time
from typing import Any

import pytest

from tests.sandbox.tencent.client import Client, error, response


def templates(client: Client, **changes: object) -> list[dict[str, Any]]:
    told = response(client.ask("DescribeSmsTemplateList", {"International": 0, **changes}))
    rows: list[dict[str, Any]] = told["DescribeTemplateStatusSet"]
    return rows


def pull(client: Client, limit: int = 100) -> list[dict[str, Any]]:
    body = {"Limit": limit, "SmsSdkAppId": client.app_id}
    rows: list[dict[str, Any]] = response(client.ask("PullSmsSendStatus", body))[
        "PullSmsSendStatusSet"
    ]
    return rows


def wait(client: Client, count: int) -> None:
    deadline = time.monotonic() + 5
    while client.box.world.receipts.listing()["kept"] != count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_templates_asked_for(client: Client) -> None:
    rows = templates(client, TemplateIdSet=[1000001, 1000004, 7])
    assert {row["TemplateId"]: row["StatusCode"] for row in rows} == {1000001: 0, 1000004: 1}
    assert rows[0]["TemplateContent"] == "您的验证码是{1}，请于{2}分钟内正确输入。"


def test_templates_by_the_page(client: Client) -> None:
    assert len(templates(client)) == 4
    assert [row["TemplateId"] for row in templates(client, Limit=2, Offset=1)] == [1000002, 1000003]
    assert templates(client, International=1) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "MissingParameter"),
        ({"International": "0"}, "InvalidParameter"),
        ({"International": False}, "InvalidParameter"),
        ({"International": 2}, "InvalidParameterValue.InvalidInternational"),
        ({"International": 0, "Limit": 101}, "InvalidParameterValue.LimitVerifyFail"),
        ({"International": 0, "Offset": -1}, "InvalidParameterValue.OffsetVerifyFail"),
        ({"International": 0, "TemplateIdSet": ["1000001"]}, "InvalidParameter"),
        ({"International": 0, "TemplateIdSet": [7]}, "FailedOperation.MissingTemplateList"),
    ],
)
def test_templates_refused(client: Client, body: dict[str, Any], code: str) -> None:
    assert error(client.ask("DescribeSmsTemplateList", body)) == code


def test_reports_are_pulled_once(client: Client) -> None:
    numbers = ["13800138000", "13900139000", "13700137000"]
    client.fault("failed_receipt", code="MK:0001", phone="13900139000")
    statuses = client.send(PhoneNumberSet=numbers, SessionContext="s")
    wait(client, 3)
    first, second = pull(client, 2)
    assert abs(first.pop("UserReceiveTime") - time.time()) < 60
    assert first == {
        "CountryCode": "86",
        "SubscriberNumber": "13800138000",
        "PhoneNumber": "+8613800138000",
        "SerialNo": statuses[0]["SerialNo"],
        "ReportStatus": "SUCCESS",
        "Description": "用户短信接收成功",
        "SessionContext": "s",
    }
    assert (second["ReportStatus"], second["Description"]) == ("FAIL", "MK:0001")
    assert [row["SubscriberNumber"] for row in pull(client)] == ["13700137000"]
    assert pull(client) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Limit": 0}, "InvalidParameterValue.LimitVerifyFail"),
        ({"Limit": 101}, "InvalidParameterValue.LimitVerifyFail"),
        ({"SmsSdkAppId": "1400000003"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
    ],
)
def test_reports_refused(client: Client, changes: dict[str, Any], code: str) -> None:
    body = {"Limit": 100, "SmsSdkAppId": client.app_id, **changes}
    assert error(client.ask("PullSmsSendStatus", body)) == code
