"""A platform that can do no more than send."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from verifications.providers import Accepted, BadPush, OverBudget, Provider, Push, SendError, Text


class Plain(Provider):
    name = "plain"

    def send(self, text: Text) -> Mapping[str, Accepted | SendError]:
        return dict.fromkeys(text.phones, Accepted("1"))


def test_it_is_never_asked_to_repeat_a_request() -> None:
    assert Plain().can_repeat(datetime.now(UTC)) is False


def test_it_has_no_reports() -> None:
    with pytest.raises(BadPush, match=r"^plain pushes no receipts$"):
        Plain().read_receipts(Push({}, b"{}"))
    assert Plain().acknowledge(Push({}, b"{}")) == ("text/plain", b"")
    assert Plain().pull_receipts() == []


def test_the_doctor_has_nothing_to_say_of_it() -> None:
    assert Plain().check(["1"]) == []


def test_an_error_is_its_code_and_its_reason() -> None:
    error = SendError("160042", "a bad number")
    assert (error.code, error.reason) == ("160042", "a bad number")
    assert str(error) == "160042 a bad number"
    assert (SendError("160042").reason, str(SendError("160042"))) == ("", "160042")


def test_a_budget_says_when_it_begins_anew() -> None:
    error = OverBudget(60)
    assert (error.code, error.retry_after) == ("budget", 60)


def test_what_is_secret_is_not_shown() -> None:
    text = Text(["+8613800138000"], "1", {"code": "902817"}, "a" * 32)
    for shown in (repr(text), repr(Push({}, b"902817"))):
        assert "902817" not in shown
        assert "13800138000" not in shown
