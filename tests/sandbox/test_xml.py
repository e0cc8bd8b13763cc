"""XML in, XML out; one format in and the other out."""

from xml.etree import ElementTree

import pytest
import requests

from tests.sandbox.client import XML, Client, status

HEAD = "<?xml version='1.0' encoding='utf-8'?>"


def document(client: Client, datas: str = "<data>6532</data><data>5</data>", more: str = "") -> str:
    return (
        f"{HEAD}<TemplateSMS><appId>{client.account.app_id}</appId><to>13800138000</to>"
        f"<templateId>1</templateId><datas>{datas}</datas>{more}</TemplateSMS>"
    )


def send(client: Client, text: str, accept: str = "application/xml") -> requests.Response:
    return client.post("SMS/TemplateSMS", text.encode(), Content_Type=XML, Accept=accept)


def test_both_ways(client: Client) -> None:
    answer = send(client, document(client))
    assert answer.headers["Content-Type"] == XML
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, root.findtext("statusCode")) == ("Response", "000000")
    sid = root.findtext("TemplateSMS/smsMessageSid") or ""
    assert (sid[0], len(sid.strip())) == (" ", 32)
    assert len(root.findtext("TemplateSMS/dateCreated") or "") == 14
    assert "验证码是6532，请于5分钟" in client.texts()[0]["text"]


def test_xml_in_json_out(client: Client) -> None:
    assert "templateSMS" in send(client, document(client), "application/json").json()


def test_json_in_xml_out(client: Client) -> None:
    answer = client.post("SMS/TemplateSMS", b"{}", Accept="application/xml;charset=utf-8")
    assert ElementTree.fromstring(answer.content).findtext("statusCode") == "111169"


def test_escapes_are_read(client: Client) -> None:
    send(client, document(client, "<data>&lt;&amp;&#x9a8c;</data><data><![CDATA[<5>]]></data>"))
    assert "验证码是<&验，请于<5>分钟" in client.texts()[0]["text"]


def test_space_between_elements_is_nothing(client: Client) -> None:
    answer = send(client, document(client).replace("><", ">\n  <"), "application/json")
    assert status(answer) == "000000"


def test_answers_are_escaped(client: Client) -> None:
    client.fault("error", code="160011", message='<b>&"屏蔽词"\x01]]>')
    root = ElementTree.fromstring(send(client, document(client)).content)
    assert root.findtext("statusMsg") == '<b>&"屏蔽词"]]>'


@pytest.mark.parametrize(
    "more",
    [
        "<extra>x</extra>",
        "<to>13900139000</to>",
        "<reqId><data>x</data></reqId>",
        '<reqId type="x">1</reqId>',
        "<reqId>a<b><c>1</c></b></reqId>",
        "text",
        "<?php 1 ?>",
        "<reqId>&undefined;</reqId>",
    ],
)
def test_refused_inside(client: Client, more: str) -> None:
    assert status(send(client, document(client, more=more), "application/json")) == "160031"
    assert client.texts() == []


@pytest.mark.parametrize(
    "datas", ["<data>1</data>text", "<item>1</item><item>2</item>", "<data><data>1</data></data>"]
)
def test_refused_datas(client: Client, datas: str) -> None:
    assert status(send(client, document(client, datas), "application/json")) == "160031"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<TemplateSMS>",
        "<Request/>",
        "<a/><b/>",
        "no XML",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><TemplateSMS><to>&a;</to></TemplateSMS>',
        "<?xml version='1.0' encoding='gbk'?><TemplateSMS/>",
        "<a>" * 50_000,
    ],
)
def test_refused_document(client: Client, text: str) -> None:
    expected = "160031" if text else "112604"
    assert status(send(client, text, "application/json")) == expected


def test_vendors_unescaped_ampersand_is_refused(client: Client) -> None:
    answer = send(client, document(client, "<data>a & b</data><data>5</data>"), "application/json")
    assert status(answer) == "160031"
