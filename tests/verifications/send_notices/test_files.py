"""What a file may look like; one that is none sends nothing."""

import pytest
from django.core.management import CommandError, call_command

from tests.verifications.send_notices.conftest import HEADER, Send, texted
from verifications.models import Message
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit


def test_a_file_that_a_spreadsheet_wrote(send: Send, phone: str) -> None:
    code, _, _ = send(HEADER, f'{phone},"D1, D2",顺丰,SF1', "", written="utf-8-sig")
    assert code == 0
    assert texted() == [(f"+86{phone}", "D1, D2")]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["phone,order,company", "13800138000,D1,顺丰"], "phone, order, company, number"),
        ([HEADER + ",order", "13800138000,D1,顺丰,SF1,x"], "order, company, number, each once"),
        (["13800138000,D1,顺丰,SF1"], "phone, order, company, number"),
        ([""], "phone, order, company, number"),
        ([HEADER, "13800138000,D1,顺丰,SF1", '13800138001,"D1,顺丰,SF1'], "line 3"),
    ],
    ids=["a column is missing", "one stands twice", "no header", "nothing", "an open quote"],
)
def test_a_file_that_is_none_sends_nothing(lines: list[str], complaint: str, send: Send) -> None:
    with pytest.raises(CommandError, match=complaint):
        send(*lines)
    assert not Message.objects.exists()


def test_a_file_that_is_not_utf_8_sends_nothing(send: Send, phone: str) -> None:
    with pytest.raises(CommandError, match=r"not UTF-8\. Try --encoding gb18030"):
        send(HEADER, f"{phone},D1,顺丰,SF1", written="gb18030")
    assert not Message.objects.exists()


def test_a_file_of_excels(send: Send, phone: str) -> None:
    code, _, _ = send(HEADER, f"{phone},D1,顺丰,SF1", written="gb18030", encoding="gb18030")
    assert code == 0
    assert locmem.outbox[0].params["company"] == "顺丰"


def test_no_shopper_gets_utf_8_that_was_taken_for_gb18030(send: Send, phone: str) -> None:
    with pytest.raises(CommandError, match="is UTF-8: leave --encoding away"):
        send(HEADER, f"{phone},D1,顺丰,SF1", encoding="gb18030")
    with pytest.raises(CommandError, match=r"is not GB18030\. Try --encoding utf-8"):
        send(HEADER, f"{phone},D1,x,SF1", written="utf-16", encoding="gb18030")
    assert not Message.objects.exists()


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
        call_command("send_notices", "nowhere.csv", template="shipped")
