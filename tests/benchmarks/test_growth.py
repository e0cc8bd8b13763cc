"""`python -m benchmarks.growth`: an index serves every statement of the hot path, and where none
did it would say so."""

import re
import subprocess
import sys

import pytest

from tests.databases import MissingError, program
from tests.live import ROOT, clean_environment


def _run(*program_: str) -> subprocess.CompletedProcess[str]:
    try:
        program("initdb", "/usr/lib/postgresql")
    except MissingError:
        pytest.skip("needs PostgreSQL")
    return subprocess.run(
        [sys.executable, *program_, "--quick", "--rows", "2000", "--days", "40"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.live
def test_an_index_serves_every_statement() -> None:
    done = _run("-m", "benchmarks.growth")
    assert done.returncode == 0, done.stdout + done.stderr
    for step in ("send, inline", "worker, a code", "worker, 100", "sweep",
                 "look_up_code", "receipt, their id", "receipt, our id", "catch_up",
                 "notify again", "notices.answered"):  # fmt: skip
        assert f"\n{step} " in done.stdout, done.stdout
    assert "Index Scan" in done.stdout
    assert "Seq Scan" not in done.stdout


# Without the index that the sweep goes by.
_WITHOUT = """
import sys
from benchmarks import growth, history

write = history.write

def without(rows, days):
    from django.db import connection
    write(rows, days)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX message_due")

history.write = without
sys.exit(growth.main())
"""


@pytest.mark.live
def test_a_statement_without_an_index_is_told() -> None:
    done = _run("-c", _WITHOUT)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"READS ALL of verifications_message_\d.*: sweep: SELECT", done.stdout)
