"""A notice a row, in as few requests as may be."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.conftest import Configure
from tests.terminals import at_a_terminal
from tests.verifications.send_notices.conftest import HEADER, Send, texted
from verifications.notices import MOST_PHONES
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit


def test_each_row_is_texted_its_own_words(send: Send, new_phone: Callable[[], str]) -> None:
    first, second = new_phone(), new_phone()
    code, out, complaints = send(HEADER, f"{first},D1,顺丰,SF1", f"{second},D2,圆通,YT2")
    assert (code, complaints) == (0, "")
    assert out == "2 queued, 0 sent before, 0 refused.\n"
    words = {text.phones[0]: text.params for text in locmem.outbox}  # at once, in any order
    assert words == {
        f"+86{first}": {"order": "D1", "company": "顺丰", "number": "SF1"},
        f"+86{second}": {"order": "D2", "company": "圆通", "number": "YT2"},
    }


def test_rows_of_the_same_words_go_out_together(send: Send, new_phone: Callable[[], str]) -> None:
    rows = [f"{new_phone()},D1,顺丰,SF1" for _ in range(MOST_PHONES + 1)]
    _, _, told = send(HEADER, *rows)
    assert told == f"{MOST_PHONES} of {MOST_PHONES + 1} rows\n"
    # A task is 600 messages.
    assert [len(text.phones) for text in locmem.outbox] == [600, 400, 1]


def test_in_the_quiet_hours_it_says_when_they_go_out(
    send: Send, phone: str, configure: Configure
) -> None:
    configure(QUIET_HOURS=["00:00", "23:59"])
    _, out, _ = send(HEADER, f"{phone},D1,顺丰,SF1")
    assert out.endswith("These are quiet hours: they go out at 23:59.\n")
    assert not locmem.outbox


def test_a_dry_run_texts_nobody(send: Send, new_phone: Callable[[], str]) -> None:
    before, fresh = new_phone(), new_phone()
    send(HEADER, f"{before},D1,顺丰,SF1")
    rows = f"{before},D1,顺丰,SF1", f"{fresh},D1,顺丰,SF1", "12345,D1,顺丰,SF1"
    code, out, complaints = send(HEADER, *rows, dry_run=True)
    assert (code, complaints) == (1, "line 4: 12345: invalid_phone\n")
    told = "1 would be queued, 1 sent before, 1 refused.\nA dry run: nobody was texted.\n"
    assert out == told
    assert len(texted()) == 1
    assert send(HEADER, *rows)[1] == "1 queued, 1 sent before, 1 refused.\n"


@pytest.mark.parametrize("template", ["unheard_of", "default", "pickup_code", "login"])
def test_a_template_that_is_no_notice(template: str, send: Send, phone: str) -> None:
    with pytest.raises(CommandError, match="there is: shipped"):
        send(HEADER, f"{phone},D1,顺丰,SF1", template=template)


def test_at_a_terminal_there_is_a_progress_bar(tmp_path: Path, phone: str) -> None:
    file = tmp_path / "notices.csv"
    file.write_text(f"{HEADER}\n{phone},D1,顺丰,SF1\n")
    said, shown = at_a_terminal(tmp_path, "send_notices", str(file), "--template", "shipped")
    assert re.search(r"100%.* 1/1 \[\S+<\S+, .*rows.*\]", shown)
    assert said == "1 queued, 0 sent before, 0 refused.\n"
