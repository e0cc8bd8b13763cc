"""Columns stand in any order, and by other names where a map says so."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.verifications.send_notices.conftest import HEADER, Send, texted
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit


def test_columns_may_stand_in_any_order(send: Send, phone: str) -> None:
    send("number,phone,company,order", f"SF1,{phone},顺丰,D1")
    assert locmem.outbox[0].params == {"order": "D1", "company": "顺丰", "number": "SF1"}


def test_columns_that_are_called_otherwise(send: Send, phone: str) -> None:
    lines = "备注,手机号,订单号,company,number", f"急,{phone},D1,顺丰,SF1"
    names = [("phone", "手机号"), ("order", "订单号")]
    code, out, _ = send(*lines, map=names, dry_run=True)
    assert (code, out.splitlines()[0]) == (0, "Columns that are left alone: 备注")
    send(*lines, map=names)
    assert texted() == [(f"+86{phone}", "D1")]


@pytest.mark.parametrize(
    ("argument", "complaint"),
    [("order", "such as phone=手机号"), ("price=价格", "--map price=…: there is phone, order")],
)
def test_a_map_that_leads_nowhere(argument: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "notices.csv"
    file.write_text(HEADER)
    with pytest.raises(CommandError, match=complaint):
        call_command("send_notices", str(file), "--template", "shipped", "--map", argument)
