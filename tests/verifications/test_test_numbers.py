"""Numbers whose code is always the same, and that nobody texts."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.conftest import Configure, wrong
from verifications.exceptions import CodeIncorrect, Cooldown
from verifications.models import Message
from verifications.providers import locmem
from verifications.services import look_up_code, send_code, verify_code

pytestmark = pytest.mark.redis

NUMBER, CODE = "+8613800009999", "246810"


def _today() -> date:
    return timezone.localdate()


@pytest.fixture(autouse=True)
def _number(configure: Configure) -> None:
    last_day = (_today() + timedelta(days=1)).isoformat()
    configure(TEST_NUMBERS={NUMBER: {"CODE": CODE, "UNTIL": last_day}})


def test_its_code_is_right_and_nobody_is_texted() -> None:
    pending = send_code("13800009999", "login")
    assert pending.status == "sent"
    assert not locmem.outbox
    assert verify_code(NUMBER, "login", CODE) == NUMBER


def test_the_log_says_why() -> None:
    pending = send_code(NUMBER, "login")
    message = Message.objects.get(pk=pending.id)
    assert message.withheld == "test_number"
    assert [attempt.provider for attempt in message.attempts.all()] == ["withheld"]
    assert look_up_code(pending.id)


def test_a_wrong_code_is_wrong_and_a_right_one_passes_once() -> None:
    send_code(NUMBER, "login")
    with pytest.raises(CodeIncorrect):
        verify_code(NUMBER, "login", wrong(CODE))
    assert verify_code(NUMBER, "login", CODE)


def test_its_code_has_to_be_asked_for_within_the_limits() -> None:
    send_code(NUMBER, "login")
    with pytest.raises(Cooldown):
        send_code(NUMBER, "login")


def test_after_its_last_day_it_is_a_number_like_any_other(travel: Callable[[float], None]) -> None:
    travel(86_400)
    send_code(NUMBER, "login")
    assert not locmem.outbox
    travel(86_400)
    send_code(NUMBER, "login")
    assert len(locmem.outbox) == 1


def test_all_other_numbers_are_texted(phone: str) -> None:
    send_code(phone, "login")
    assert len(locmem.outbox) == 1
