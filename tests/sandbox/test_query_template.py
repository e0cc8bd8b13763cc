"""QuerySMSTemplate."""

import json
from typing import Any
from xml.etree import ElementTree

from tests.sandbox.client import XML, Client


def query(client: Client, **fields: str) -> dict[str, Any]:
    body = {"appId": client.account.app_id, **fields}
    answer: dict[str, Any] = client.post("SMS/QuerySMSTemplate", json.dumps(body).encode()).json()
    return answer


def test_all(client: Client) -> None:
    answer = query(client)
    assert (answer["statusCode"], answer["totalCount"]) == ("000000", "4")
    statuses = {row["id"]: row["status"] for row in answer["TemplateSMS"]}
    assert statuses == {"1": "1", "2": "1", "3": "1", "4": "0"}


def test_one(client: Client) -> None:
    answer = query(client, templateId="2")
    (row,) = answer["TemplateSMS"]
    assert row["content"] == "【达达商城】您的订单{1}已由{2}发出，运单号{3}。"
    assert set(row) == {
        "id", "title", "content", "status", "type", "dateCreated", "dateUpdated",
    }  # fmt: skip


def test_none(client: Client) -> None:
    assert query(client, templateId="77")["statusCode"] == "112313"


def test_of_another_app(client: Client) -> None:
    assert query(client, appId="8aaf07080000000000000000000000a0")["statusCode"] == "111182"


def test_xml(client: Client) -> None:
    body = f"<Request><appId>{client.account.app_id}</appId></Request>".encode()
    answer = client.post("SMS/QuerySMSTemplate", body, Content_Type=XML, Accept="application/xml")
    rows = ElementTree.fromstring(answer.content).findall("TemplateSMS")
    assert [row.findtext("id") for row in rows] == ["1", "2", "3", "4"]
