"""What is told when all is well, in words and in JSON."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from tests.verifications.doctor.conftest import NO_MONEY, UseCloopen, doctor


def test_all_is_well(cloopen: UseCloopen) -> None:
    cloopen()
    code, told = doctor()
    assert code == 0
    assert told.pop("clock").startswith("ok ")
    assert told == {
        "redis": "ok answers",
        "database": f"ok {connection.vendor}",
        "queue": "ok none: texts go out inside the request",
        "late": "ok no text has waited for longer than a minute",
        "guard": "ok record: suspicious texts are told of, none is refused; captcha: adaptive",
        "budget": "ok none set",
        "receipts": "ok RECEIPT_SECRET is set",
        "cloopen account": "ok balance 1000.00",
        "cloopen template 1": "ok approved",
        "cloopen breaker": "ok closed",
    }


def test_as_a_list_for_a_program(cloopen: UseCloopen, capsys: pytest.CaptureFixture[str]) -> None:
    cloopen(**NO_MONEY)
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", "--json")
    found = json.loads(capsys.readouterr().out)
    assert {tuple(check) for check in found} == {("name", "ok", "detail", "hint")}
    failed = [check for check in found if not check["ok"]]
    assert [check["name"] for check in failed] == ["cloopen account"]
    assert failed[0]["hint"].startswith("top it up")
    assert not any(check["hint"] for check in found if check["ok"])
