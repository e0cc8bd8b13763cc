"""`templateId` and `datas`: an approved template of the app, with every blank filled."""

import pytest

from tests.sandbox.client import Client


@pytest.mark.parametrize(
    ("template", "code"),
    [
        (None, "112307"),
        ("", "112307"),
        ("one", "160057"),
        ("1 ", "160057"),
        ("１", "160057"),
        ("1" * 21, "112315"),
        ("77", "112311"),
        ("01", "112311"),
        ("4", "112323"),
        ("90001", "160043"),
    ],
)
def test_refused(client: Client, template: str | None, code: str) -> None:
    assert client.code(templateId=template) == code


@pytest.mark.parametrize(
    ("datas", "code"), [(None, "112308"), ([], "112308"), (["6532"], "160052")]
)
def test_too_few_datas(client: Client, datas: list[str] | None, code: str) -> None:
    assert client.code(datas=datas) == code
    assert client.texts() == []


def test_more_datas_than_blanks(client: Client) -> None:
    assert client.code(datas=["6532", "5", "more"]) == "000000"


@pytest.mark.parametrize(
    ("template", "datas", "text"),
    [
        (
            "1",
            ["6532", "5"],
            "【云通讯】您使用的是云通讯短信模板，您的验证码是6532，请于5分钟内正确输入",
        ),
        ("2", ["D1", "顺丰", "SF1"], "【达达商城】您的订单D1已由顺丰发出，运单号SF1。"),
        ("3", ["77", "D1", "周五"], "【达达商城】您的提货码是77，订单D1，请于周五前到店取货。"),
    ],
)
def test_text(client: Client, template: str, datas: list[str], text: str) -> None:
    assert client.code(templateId=template, datas=datas) == "000000"
    assert [item["text"] for item in client.texts()] == [text]


def test_a_value_is_no_template(client: Client) -> None:
    client.send(datas=["{2}", "5"])
    assert "验证码是{2}，请于5分钟" in client.texts()[0]["text"]
