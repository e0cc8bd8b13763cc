"""`manage.py show_phone`: limits, codes, lists and texts; no number or code is given away."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from redis import Redis

from tests.conftest import Configure, wrong
from tests.verifications.conftest import SetBudget
from verifications import rules
from verifications.exceptions import CodeIncorrect
from verifications.models import ListEntry, Message
from verifications.services import send_code, verify_code

pytestmark = [pytest.mark.database, pytest.mark.redis]

IP = "203.0.113.7"
Travel = Callable[[float], None]


def _show(phone: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command("show_phone", phone, *arguments, stdout=out)
    return out.getvalue()


def _verdict(phone: str, *arguments: str) -> str:
    return _show(phone, *arguments).splitlines()[1]


def _list(verdict: str, what: str, value: str) -> None:
    ListEntry.objects.create(list=verdict, what=what, value=value)
    rules.forget()


def test_a_phone_that_nobody_knows(phone: str) -> None:
    shown = _show(phone)
    assert shown.splitlines()[:2] == [f"{phone[:3]}****{phone[-4:]}", "would be let through"]
    assert "cooldown: 0 of 1 in 60 s, 1 left\n" in shown
    assert "phone: 0 of 5 in 3600 s, 5 left\n" in shown
    assert "login: no code; who asked: 0 wrong guesses, 10 left; " in shown
    assert shown.endswith("Lists:\n  none\n\nLatest texts:\n  none\n")


def test_what_a_text_leaves_behind(phone: str, last_code: Callable[[], str]) -> None:
    send_code(phone, "login", ip=IP)
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()), ip=IP)
    shown = _show(phone)
    assert re.search(r"would be refused now: cooldown, (60|59) s\n", shown)
    assert re.search(r"cooldown: 1 of 1 in 60 s, 0 left, free again in (60|59) s\n", shown)
    assert "phone: 1 of 5 in 3600 s, 4 left\n" in shown
    assert re.search(
        r"login: live, (300|299) s left; who asked: 1 wrong guesses, 9 left; "
        r"strangers: 0 wrong guesses, 10 left\n",
        shown,
    )
    assert "prefix: 1 asked for, 0 verified\n" in shown
    assert re.search(r"[\d-]{10} [\d:]{8}  code    login           sent\n", shown)


def test_it_never_shows_the_number_or_the_code(
    phone: str, last_code: Callable[[], str], redis: Redis
) -> None:
    _list("allow", "phone", phone)
    _list("allow", "segment", phone[:7])
    send_code(phone, "login", ip=IP)
    challenge = Message.objects.get().challenge
    for shown in (_show(phone, "--ip", IP), _show(phone, "--ip", IP, "--json")):
        assert phone[:7] not in shown
        assert phone not in shown
        assert last_code() not in shown
        assert challenge[4:] not in shown


def test_a_number_from_standard_input(phone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{phone}\n"))
    assert _show("-").startswith(f"{phone[:3]}****{phone[-4:]}\n")


def test_it_changes_nothing(phone: str, redis: Redis, last_code: Callable[[], str]) -> None:
    send_code(phone, "login", ip=IP)
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()), ip="198.51.100.9")

    def state() -> dict[bytes, Any]:
        return {key: redis.dump(key) for key in redis.scan_iter()}

    before, rows = state(), Message.objects.count()
    _show(phone, "--ip", IP)
    assert (state(), Message.objects.count()) == (before, rows)


def test_all_guesses_are_used_up(phone: str, last_code: Callable[[], str]) -> None:
    send_code(phone, "login", ip=IP)
    for _ in range(5):
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(last_code()), ip=IP)
    assert "login: burnt, " in _show(phone)


def test_purposes_that_differ_are_told_apart(
    phone: str, last_code: Callable[[], str], configure: Configure, travel: Travel
) -> None:
    configure(FAILURE_LIMIT=[2, 3600])
    send_code(phone, "login", ip=IP)
    for _ in range(2):
        with pytest.raises(CodeIncorrect):
            verify_code(phone, "login", wrong(last_code()), ip=IP)
    travel(60)
    lines = _show(phone, "--ip", IP).splitlines()
    assert re.fullmatch(r"login: would be refused now: too_many_attempts, 35\d\d s", lines[1])
    assert lines[2] == "register: would be let through"


def test_a_code_of_a_context_is_one_more_line(phone: str) -> None:
    send_code(phone, "change_phone", context="7")
    assert "change_phone (with a context): live, " in _show(phone)


@pytest.mark.parametrize(
    ("what", "value", "verdict"),
    [
        ("phone", "{phone}", "would look sent, but is on the block list: no text goes out"),
        ("segment", "138", "would be refused now: phone_blocked"),
        ("address", "203.0.113.0/24", "would be refused now: rate_limited (ip), 3600 s"),
    ],
)
def test_who_is_blocked(what: str, value: str, verdict: str, phone: str) -> None:
    _list("block", what, value.format(phone=phone))
    shown = _show(phone, "--ip", IP)
    assert shown.splitlines()[1] == verdict
    assert f"Lists:\n  block {what} " in shown


def test_a_test_number(phone: str, configure: Configure) -> None:
    configure(TEST_NUMBERS={f"+86{phone}": {"CODE": "123456"}})
    assert _verdict(phone) == "would look sent, but is a test number: no text goes out"


def test_a_budget_that_is_spent(phone: str, set_budget: SetBudget) -> None:
    set_budget("", hourly=0)
    assert re.fullmatch(r"would be refused now: rate_limited \(global\), \d+ s", _verdict(phone))


def test_the_guard_of_its_segment(
    new_phone: Callable[[], str], phone: str, configure: Configure
) -> None:
    configure(GUARD="enforce", GUARD_BOUNDS={"prefix": [1, 0.0]}, CAPTCHA="never")
    neighbour = f"{phone[:7]}9999"
    send_code(neighbour, "login")
    assert "prefix: 1 asked for, 0 verified, uneasy\n" in _show(phone)
    send_code(f"{phone[:7]}9998", "login")
    shown = _show(phone)
    assert "prefix: 2 asked for, 0 verified, alarmed\n" in shown
    assert "would be refused now: rate_limited (prefix), " in shown


def test_why_a_text_failed_is_told_in_words(phone: str) -> None:
    Message.objects.create(
        phone=f"+86{phone}", kind="notice", template="shipped", status="undelivered",
        reason="MK:0012", created_at=timezone.now(), updated_at=timezone.now(),
        expires_at=timezone.now(), due_at=timezone.now(),
    )  # fmt: skip
    assert re.search(r"notice  shipped         undelivered .*（MK:0012）\n", _show(phone))


def test_ten_texts_at_most_the_newest_first(phone: str, travel: Travel) -> None:
    for purpose in ["register", *["login"] * 10]:
        travel(8640)
        send_code(phone, purpose)
    texts = json.loads(_show(phone, "--json"))["texts"]
    assert [text["template"] for text in texts] == ["login"] * 10
    assert texts[0]["at"] > texts[1]["at"]


@pytest.mark.parametrize("bad", ["12345", "", "13800138000x", "+1 415 555 2671"])
def test_what_is_no_phone(bad: str) -> None:
    with pytest.raises(CommandError, match="no phone that may be texted") as refusal:
        _show(bad)
    assert refusal.value.returncode == 2


def test_what_is_no_address(phone: str) -> None:
    with pytest.raises(CommandError, match="an IP address is expected"):
        _show(phone, "--ip", "1.2.3")
