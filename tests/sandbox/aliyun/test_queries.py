"""QuerySmsTemplate and QuerySendDetails."""

import time
from typing import Any

import pytest

from tests.sandbox.aliyun.client import Client, answered, gateway


def template(client: Client, code: str) -> dict[str, Any]:
    return answered(client.ask("QuerySmsTemplate", {"TemplateCode": code}))


def query(client: Client, **changes: str) -> dict[str, Any]:
    usual = {
        "PhoneNumber": "13800138000",
        "SendDate": f"{client.box.world.time():%Y%m%d}",
        "PageSize": "50",
        "CurrentPage": "1",
    }
    return answered(client.ask("QuerySendDetails", usual | changes))


def rows(client: Client, **changes: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = query(client, **changes)["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    return found


def test_template(client: Client) -> None:
    told = template(client, "SMS_100001")
    assert (told["TemplateStatus"], told["TemplateType"]) == (1, 0)
    assert told["TemplateContent"] == "您的验证码是${code}，请于${minutes}分钟内正确输入。"
    assert template(client, "SMS_100004")["TemplateStatus"] == 0
    assert template(client, "SMS_1")["Code"] == "isv.SMS_TEMPLATE_ILLEGAL"


def test_a_text_waits_and_arrives(client: Client) -> None:
    client.box.world.receipt_delay = 0.3
    biz_id = client.send(OutId="o1")["BizId"]
    (row,) = rows(client, BizId=biz_id)
    assert (row["SendStatus"], "ErrCode" in row) == (1, False)
    time.sleep(0.35)
    (row,) = rows(client, PhoneNumber="+8613800138000")
    assert (row["SendStatus"], row["ErrCode"], row["OutId"], row["PhoneNum"]) == (
        3, "DELIVERED", "o1", "13800138000",
    )  # fmt: skip


def test_a_text_that_failed_and_one_never_reported(client: Client) -> None:
    client.box.world.receipt_delay = 0.0
    client.fault("failed_receipt", code="MOBILE_NOT_ON_SERVICE")
    client.fault("no_receipt")
    client.send(PhoneNumbers="13800138000,13900139000")
    (failed,) = rows(client)
    assert (failed["SendStatus"], failed["ErrCode"]) == (2, "MOBILE_NOT_ON_SERVICE")
    (unknown,) = rows(client, PhoneNumber="13900139000")
    assert unknown["SendStatus"] == 1


def test_pages_newest_first(client: Client) -> None:
    for code in ("1111", "2222", "3333"):
        client.send(TemplateParam={"code": code, "minutes": "5"})
    assert query(client, PageSize="2")["TotalCount"] == 3
    pages = [rows(client, PageSize="2", CurrentPage=page) for page in ("1", "2", "3")]
    assert [[row["Content"][12:16] for row in page] for page in pages] == [
        ["3333", "2222"], ["1111"], [],
    ]  # fmt: skip


def test_only_what_is_asked_for(client: Client) -> None:
    client.send()
    broke = Client(client.box, "LTAI5tSandboxPenniless0", "sandboxAliyunSecretPenniless00")
    assert rows(broke) == []
    assert rows(client, SendDate="20010101") == []
    assert rows(client, BizId="1^0") == []
    assert rows(client, PhoneNumber="13900139000") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("PageSize", "51"), ("PageSize", "0"), ("CurrentPage", "x"), ("SendDate", "2026-01-01")],
)
def test_refused(client: Client, name: str, value: str) -> None:
    assert query(client, **{name: value})["Code"] == "isv.INVALID_PARAMETERS"


def test_a_parameter_missing(client: Client) -> None:
    assert gateway(client.ask("QuerySmsTemplate")) == (400, "MissingTemplateCode")
