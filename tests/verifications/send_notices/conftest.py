"""`manage.py send_notices`, run on a file."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from verifications.providers import locmem

HEADER = "phone,order,company,number"
Send = Callable[..., tuple[int, str, str]]


@pytest.fixture
def send(tmp_path: Path) -> Send:
    """send(lines..., dry_run=True): (exit code, what the command says of them, its complaints)."""

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


def texted() -> list[tuple[str, str]]:
    """(phone, order) of each text."""
    return [(phone, text.params["order"]) for text in locmem.outbox for phone in text.phones]
