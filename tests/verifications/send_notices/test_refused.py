"""Rows that are refused are told, or written into a report to mend; the rest goes out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.verifications.send_notices.conftest import HEADER, Send, texted
from verifications import rules
from verifications.models import ListEntry

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit


def test_bad_rows_are_told_and_the_rest_goes_out(send: Send, phone: str) -> None:
    code, out, complaints = send(
        HEADER,
        "13800,D1,顺丰,SF1",
        f"{phone},D1,顺丰,SF1",
        f"{phone},D2,顺丰",
        f"{phone},D3,顺丰,{'x' * 501}",
        "+1 415 555 2671,D4,顺丰,SF4",
    )
    assert code == 1
    assert out.endswith("1 queued, 0 sent before, 4 refused.\n")
    assert texted() == [(f"+86{phone}", "D1")]
    assert phone not in complaints
    told = {line.split(": ")[0]: line.split(": ")[2] for line in complaints.splitlines()}
    assert told == {
        "line 2": "invalid_phone",
        "line 4": "4 columns are expected",
        "line 5": "params.number",
        "line 6": "country_not_allowed",
    }


def test_a_blocked_phone_is_refused(send: Send, phone: str) -> None:
    ListEntry.objects.create(list="block", what="phone", value=phone)
    rules.forget()
    code, out, complaints = send(HEADER, f"{phone},D1,顺丰,SF1")
    assert (code, out) == (1, "0 queued, 0 sent before, 1 refused.\n")
    assert complaints.endswith(": phone_blocked\n")
    ListEntry.objects.all().delete()
    rules.forget()
    send(HEADER, f"{phone},D1,顺丰,SF1")
    assert len(texted()) == 1


def test_many_refusals_are_not_all_told(send: Send) -> None:
    _, _, complaints = send(HEADER, *["1,D1,顺丰,SF1"] * 25)
    lines = complaints.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "... and 5 more; name a --report to have all"


def test_the_report_is_mended_and_sent(
    send: Send, new_phone: Callable[[], str], tmp_path: Path
) -> None:
    good, bad, report = new_phone(), new_phone(), tmp_path / "refused.csv"
    header = "编号,phone,order,company,number"
    lines = f"1,{good},D1,顺丰,SF1", f"2,{bad[:-1]},D2,顺丰,SF2", f"3,{bad},D3,顺丰"
    code, _, complaints = send(header, *lines, report=report)
    assert (code, complaints.count("\n")) == (1, 2)
    assert report.stat().st_mode & 0o777 == 0o600
    wrong = report.read_text("utf-8-sig")
    assert wrong.splitlines() == [
        f"{header},error",
        f"2,{bad[:-1]},D2,顺丰,SF2,invalid_phone",
        f"3,{bad},D3,顺丰,,5 columns are expected",
    ]
    head, second, third = wrong.splitlines()
    mended = second.replace(bad[:-1], bad).replace("invalid_phone", "")
    code, _, _ = send(head, mended, third, report=tmp_path / "again.csv")
    assert code == 1
    assert (tmp_path / "again.csv").read_text("utf-8-sig").splitlines() == [
        f"{header},error",
        f"3,{bad},D3,顺丰,,params.number: 应为 1 至 500 个字符的文本。",
    ]
    assert texted() == [(f"+86{good}", "D1"), (f"+86{bad}", "D2")]


def test_no_report_where_nothing_was_refused(send: Send, phone: str, tmp_path: Path) -> None:
    send(HEADER, f"{phone},D1,顺丰,SF1", report=tmp_path / "refused.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["notices.csv"]


def test_a_report_writes_over_nothing(send: Send, phone: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("mine")
    with pytest.raises(CommandError, match="there already") as refusal:
        send(HEADER, f"{phone},D1,顺丰,SF1", report=mine)
    assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="No such file"):
        send(HEADER, f"{phone},D1,顺丰,SF1", report=tmp_path / "nowhere" / "x.csv")
    assert (mine.read_text(), texted()) == ("mine", [])
