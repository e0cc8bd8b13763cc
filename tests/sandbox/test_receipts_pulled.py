"""GetArrived: reports that are kept until they are pulled."""

import json
import time
from xml.etree import ElementTree

import pytest

from tests.sandbox.client import XML, Account, Client, status


def wait(client: Client, count: int) -> None:
    """Until the reports are kept."""
    deadline = time.monotonic() + 5
    while client.box.world.receipts.listing()["kept"] != count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_once(client: Client) -> None:
    sid = client.send(reqId="a1").json()["templateSMS"]["smsMessageSid"].strip()
    wait(client, 1)
    (report,) = client.pull()
    assert (report["content"], report["fromNum"], report["status"], report["reqId"]) == (
        sid,
        "13800138000",
        "0",
        "a1",
    )
    assert client.pull() == []


def test_oldest_first_and_no_more_than_asked(client: Client) -> None:
    client.send(to="13800138000,13900139000,13700137000")
    wait(client, 3)
    assert [row["fromNum"] for row in client.pull(count="2")] == ["13800138000", "13900139000"]
    assert [row["fromNum"] for row in client.pull(count="2")] == ["13700137000"]


def test_a_hundred_unless_told(client: Client) -> None:
    client.send(to=",".join(f"138{n:08d}" for n in range(150)))
    wait(client, 150)
    assert [len(client.pull()), len(client.pull(count="500"))] == [100, 50]


def test_uplink_is_another_box(client: Client) -> None:
    client.send()
    wait(client, 1)
    assert client.pull(smsType="0") == []
    assert len(client.pull(smsType="1")) == 1


def test_of_this_account_only(client: Client) -> None:
    client.send()
    wait(client, 1)
    other = Account(
        "8aaf0708000000000000000000000000",
        "00000000000000000000000000000000",
        "8aaf07080000000000000000000000a0",
    )
    assert Client(client.box, other).pull() == []


def test_faults_count_here_too(client: Client) -> None:
    client.fault("no_receipt")
    client.fault("duplicate_receipt")
    client.send(to="13800138000,13900139000")
    wait(client, 2)
    assert [row["fromNum"] for row in client.pull()] == ["13900139000", "13900139000"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"count": "0"}, "112329"),
        ({"count": "-1"}, "112329"),
        ({"count": "x"}, "112329"),
        ({"count": ""}, "112329"),
        ({"count": "501"}, "112330"),
        ({"count": 5}, "160047"),
        ({"smsType": "2"}, "160047"),
        ({"more": "x"}, "160047"),
        ({"appId": ""}, "111169"),
    ],
)
def test_refused(client: Client, fields: dict[str, object], code: str) -> None:
    body = {"appId": client.account.app_id, **fields}
    assert status(client.post("SMS/GetArrived", json.dumps(body).encode())) == code


def test_xml(client: Client) -> None:
    client.send(to="13800138000,13900139000")
    wait(client, 2)
    body = f"<SMSArrived><appId>{client.account.app_id}</appId></SMSArrived>".encode()
    answer = client.post("SMS/GetArrived", body, Content_Type=XML, Accept="application/xml")
    rows = ElementTree.fromstring(answer.content).findall("reports")
    assert [row.findtext("fromNum") for row in rows] == ["13800138000", "13900139000"]
