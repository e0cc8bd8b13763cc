"""`manage.py send_notices`: a notice a row, and none twice."""

import io
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import Configure
from tests.live import ROOT, clean_environment
from verifications import rules
from verifications.management.commands import send_notices
from verifications.models import IdempotencyKey, ListEntry, Message
from verifications.notices import MOST_PHONES
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit

HEADER = "phone,order,company,number"
Send = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _by_day(configure: Configure) -> None:
    configure(QUIET_HOURS=None)


@pytest.fixture
def send(tmp_path: Path) -> Send:
    """send(lines..., dry_run=True) runs the command on them: (exit code, what it says, its
    complaints)."""

    def run(
        *lines: str, template: str = "shipped", written: str = "utf-8", **options: Any
    ) -> tuple[int, str, str]:
        file = tmp_path / "notices.csv"
        file.write_text("\n".join(lines) + "\n", written)
        out, complaints, code = io.StringIO(), io.StringIO(), 0
        told = {"stdout": out, "stderr": complaints}
        try:
            call_command("send_notices", str(file), template=template, **options, **told)
        except SystemExit as ended:
            code = int(str(ended.code))
        return code, out.getvalue(), complaints.getvalue()

    return run


def _texted() -> list[tuple[str, str]]:
    """(phone, order) of each text."""
    return [(phone, text.params["order"]) for text in locmem.outbox for phone in text.phones]


def test_each_row_is_texted_its_own_words(send: Send, new_phone: Callable[[], str]) -> None:
    first, second = new_phone(), new_phone()
    code, out, complaints = send(HEADER, f"{first},D1,顺丰,SF1", f"{second},D2,圆通,YT2")
    assert (code, complaints) == (0, "")
    assert out == "2 queued, 0 sent before, 0 refused.\n"
    assert _texted() == [(f"+86{first}", "D1"), (f"+86{second}", "D2")]
    assert locmem.outbox[1].params == {"order": "D2", "company": "圆通", "number": "YT2"}


def test_columns_may_stand_in_any_order(send: Send, phone: str) -> None:
    send("number,phone,company,order", f"SF1,{phone},顺丰,D1")
    assert locmem.outbox[0].params == {"order": "D1", "company": "顺丰", "number": "SF1"}


def test_a_file_that_a_spreadsheet_wrote(send: Send, phone: str) -> None:
    code, _, _ = send(HEADER, f'{phone},"D1, D2",顺丰,SF1', "", written="utf-8-sig")
    assert code == 0
    assert _texted() == [(f"+86{phone}", "D1, D2")]


def test_rows_of_the_same_words_go_out_together(send: Send, new_phone: Callable[[], str]) -> None:
    rows = [f"{new_phone()},D1,顺丰,SF1" for _ in range(MOST_PHONES + 1)]
    _, _, told = send(HEADER, *rows)
    assert told == f"{MOST_PHONES} of {MOST_PHONES + 1} rows\n"
    # A task is 600 messages.
    assert [len(text.phones) for text in locmem.outbox] == [600, 400, 1]


def test_the_same_file_again_sends_nothing(send: Send, phone: str) -> None:
    row = f"{phone},D1,顺丰,SF1"
    send(HEADER, row)
    code, out, _ = send(HEADER, row)
    assert (code, out) == (0, "0 queued, 1 sent before, 0 refused.\n")
    assert len(_texted()) == 1


def test_a_mended_file_sends_what_was_mended(send: Send, new_phone: Callable[[], str]) -> None:
    good, mended = new_phone(), new_phone()
    send(HEADER, f"{good},D1,顺丰,SF1", f"{mended[:-1]},D1,顺丰,SF1")
    send(HEADER, f"+86 {good},D1,顺丰,SF1", f"{mended},D1,顺丰,SF1")
    assert _texted() == [(f"+86{good}", "D1"), (f"+86{mended}", "D1")]


def test_a_phone_that_stands_twice_is_texted_once(send: Send, phone: str) -> None:
    send(HEADER, f"{phone},D1,顺丰,SF1", f"+86{phone},D1,顺丰,SF1", f"{phone},D2,顺丰,SF2")
    assert _texted() == [(f"+86{phone}", "D1"), (f"+86{phone}", "D2")]


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
    assert _texted() == [(f"+86{phone}", "D1")]
    assert phone not in complaints
    told = {line.split(": ")[0]: line.split(": ")[2] for line in complaints.splitlines()}
    assert told == {
        "line 2": "invalid_phone",
        "line 4": "4 columns are expected",
        "line 5": "params.number",
        "line 6": "country_not_allowed",
    }


def test_in_the_quiet_hours_it_says_when_they_go_out(
    send: Send, phone: str, configure: Configure
) -> None:
    configure(QUIET_HOURS=["00:00", "23:59"])
    _, out, _ = send(HEADER, f"{phone},D1,顺丰,SF1")
    assert out.endswith("These are quiet hours: they go out at 23:59.\n")
    assert not locmem.outbox


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


def test_columns_that_are_called_otherwise(send: Send, phone: str) -> None:
    code, out, _ = send(
        "备注,手机号,订单号,company,number",
        f"急,{phone},D1,顺丰,SF1",
        map=[("phone", "手机号"), ("order", "订单号")],
        dry_run=True,
    )
    assert (code, out.splitlines()[0]) == (0, "Columns that are left alone: 备注")
    send(
        "备注,手机号,订单号,company,number",
        f"急,{phone},D1,顺丰,SF1",
        map=[("phone", "手机号"), ("order", "订单号")],
    )
    assert _texted() == [(f"+86{phone}", "D1")]


@pytest.mark.parametrize(
    ("argument", "complaint"),
    [("order", "such as phone=手机号"), ("price=价格", "--map price=…: there is phone, order")],
)
def test_a_map_that_leads_nowhere(argument: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "notices.csv"
    file.write_text(HEADER)
    with pytest.raises(CommandError, match=complaint):
        call_command("send_notices", str(file), "--template", "shipped", "--map", argument)


def test_a_dry_run_texts_nobody(send: Send, new_phone: Callable[[], str]) -> None:
    before, fresh = new_phone(), new_phone()
    send(HEADER, f"{before},D1,顺丰,SF1")
    rows = f"{before},D1,顺丰,SF1", f"{fresh},D1,顺丰,SF1", "12345,D1,顺丰,SF1"
    code, out, complaints = send(HEADER, *rows, dry_run=True)
    assert (code, complaints) == (1, "line 4: 12345: invalid_phone\n")
    told = "1 would be queued, 1 sent before, 1 refused.\nA dry run: nobody was texted.\n"
    assert out == told
    assert len(_texted()) == 1
    assert send(HEADER, *rows)[1] == "1 queued, 1 sent before, 1 refused.\n"


def test_a_blocked_phone_is_refused(send: Send, phone: str) -> None:
    ListEntry.objects.create(list="block", what="phone", value=phone)
    rules.forget()
    code, out, complaints = send(HEADER, f"{phone},D1,顺丰,SF1")
    assert (code, out) == (1, "0 queued, 0 sent before, 1 refused.\n")
    assert complaints.endswith(": phone_blocked\n")
    ListEntry.objects.all().delete()
    rules.forget()
    send(HEADER, f"{phone},D1,顺丰,SF1")
    assert len(_texted()) == 1


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
    assert _texted() == [(f"+86{good}", "D1"), (f"+86{bad}", "D2")]


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
    assert (mine.read_text(), _texted()) == ("mine", [])


def test_ctrl_c_waits_for_the_batch(
    send: Send, new_phone: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [f"{new_phone()},D{number},顺丰,SF1" for number in range(3)]
    create, calls = IdempotencyKey.objects.bulk_create, iter([False, True])

    def press(keys: Any) -> Any:
        if next(calls):
            os.kill(os.getpid(), signal.SIGINT)
        return create(keys)

    monkeypatch.setattr(send_notices, "MOST_PHONES", 1)
    monkeypatch.setattr(IdempotencyKey.objects, "bulk_create", press)
    code, out, _ = send(HEADER, "1,D,顺丰,SF1", *rows, report=tmp_path / "refused.csv")
    assert code == 130
    assert out.endswith(
        "2 queued, 0 sent before, 1 refused.\n"
        "Ended by Ctrl-C, 1 rows are left. Run it again to go on.\n"
    )
    assert [order for _, order in _texted()] == ["D0", "D1"]
    assert not (tmp_path / "refused.csv").exists()  # it would lack what comes later
    monkeypatch.undo()
    code, out, _ = send(HEADER, "1,D,顺丰,SF1", *rows, report=tmp_path / "refused.csv")
    assert (code, out) == (1, "1 queued, 2 sent before, 1 refused.\n")
    assert [order for _, order in _texted()] == ["D0", "D1", "D2"]
    assert (tmp_path / "refused.csv").exists()


def test_a_second_ctrl_c_waits_for_nothing(
    send: Send, new_phone: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after a row is written and before that is committed."""
    rows = [f"{new_phone()},D{number},顺丰,SF1" for number in range(3)]
    create, calls = IdempotencyKey.objects.bulk_create, iter([False, True])

    def press(keys: Any) -> Any:
        created = create(keys)
        if next(calls):
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGINT)
        return created

    monkeypatch.setattr(send_notices, "MOST_PHONES", 1)
    monkeypatch.setattr(IdempotencyKey.objects, "bulk_create", press)
    code, out, complaints = send(HEADER, *rows)
    assert (code, complaints) == (130, "Interrupted.\n")
    assert out.endswith("1 queued, 0 sent before, 0 refused.\n")
    assert [order for _, order in _texted()] == ["D0"]
    monkeypatch.undo()
    send(HEADER, *rows)
    assert [order for _, order in _texted()] == ["D0", "D1", "D2"]
    assert Message.objects.count() == 3


def test_the_same_rows_from_two_places_at_once(
    send: Send, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = IdempotencyKey.objects.bulk_create

    def twice(keys: Any) -> Any:
        rows = list(keys)
        create(rows)
        return create([IdempotencyKey(digest=row.digest, answer=[], expires_at=row.expires_at)
                       for row in rows])  # fmt: skip

    monkeypatch.setattr(IdempotencyKey.objects, "bulk_create", twice)
    with pytest.raises(CommandError, match="Somebody else is just sending the same rows"):
        send(HEADER, f"{phone},D1,顺丰,SF1")
    assert not locmem.outbox


@pytest.mark.parametrize("template", ["unheard_of", "default", "pickup_code", "login"])
def test_a_template_that_is_no_notice(template: str, send: Send, phone: str) -> None:
    with pytest.raises(CommandError, match="there is: shipped"):
        send(HEADER, f"{phone},D1,顺丰,SF1", template=template)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
        call_command("send_notices", "nowhere.csv", template="shipped")


def test_at_a_terminal_there_is_a_progress_bar(tmp_path: Path, phone: str) -> None:
    file = tmp_path / "notices.csv"
    file.write_text(f"{HEADER}\n{phone},D1,顺丰,SF1\n")
    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    for arguments in (["migrate", "-v0"], ["send_notices", str(file), "--template", "shipped"]):
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=clean_environment(DADASHOP_DATA_DIR=str(tmp_path), SMS_PROVIDERS="locmem"),
            stdout=terminal,
            stderr=terminal,
            timeout=60,
            check=True,
        )
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    os.close(terminal)
    assert re.search(r"100%.* 1/1 \[\S+<\S+, .*rows.*\]", shown)
    assert "1 queued, 0 sent before, 0 refused." in shown
