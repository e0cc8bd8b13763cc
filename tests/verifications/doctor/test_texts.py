"""Texts that go out late or by a platform that fails, and reports that stay away."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import Configure
from tests.verifications.doctor.conftest import UseCloopen, doctor
from tests.waiting import Waiting
from verifications import breakers
from verifications.models import DeliveryAttempt, Message
from verifications.services import send_code


def test_without_receipts(configure: Configure) -> None:
    configure(RECEIPT_SECRET=[])
    code, told = doctor()
    assert (code, told["receipts"]) == (0, "ok none: RECEIPT_SECRET is not set")


def test_a_text_that_is_late(
    queued_notice: Callable[..., Message], travel: Callable[[float], None]
) -> None:
    now = timezone.now()
    queued_notice(due_at=now + timedelta(hours=8))  # of the quiet hours
    queued_notice(due_at=now)
    assert doctor()[0] == 0
    travel(190)
    code, told = doctor()
    assert code == 1
    assert told["late"] == (
        "FAIL queued texts that should be gone: 1, the first for 3 min; "
        "is manage.py sweep --every 5 running?"
    )


def test_a_code_that_no_worker_takes(
    queued_code: Callable[[], Message], travel: Callable[[float], None]
) -> None:
    """Beat puts it into the queue again and again, so it is never due for long."""
    message = queued_code()
    travel(70)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + timedelta(seconds=9))
    told = doctor()[1]
    assert told["late"].endswith("1 min; are beat and a worker of each queue running?")
    Message.objects.filter(pk=message.pk).update(rounds=1)  # a worker did, and no platform
    assert doctor()[1]["late"].startswith("ok")


def test_a_code_that_no_worker_has_even_seen(
    phone: str, waiting: Waiting, travel: Callable[[float], None]
) -> None:
    send_code(phone, "login")
    travel(50)
    assert doctor()[1]["late"].startswith("ok")
    travel(80)
    told = doctor()[1]["late"]
    assert told.startswith("FAIL queued texts that should be gone: 1, the first for 2 min")


def test_a_breaker_that_is_open(cloopen: UseCloopen, configure: Configure) -> None:
    cloopen()
    configure(BREAKER=[1, 15])
    breakers.report("cloopen", ok=False)
    told = doctor()[1]["cloopen breaker"]
    assert re.fullmatch("FAIL open: too many texts failed, nobody asks it for 1[45] s; .*", told)
    breakers.report("cloopen", ok=True)
    assert doctor()[1]["cloopen breaker"] == "ok closed"


@pytest.mark.parametrize(
    ("taken", "reported", "told"),
    [
        (19, 0, "ok 0 of the latest 19 texts were reported on"),
        (20, 0, "FAIL 0 of the latest 20 texts were reported on; enter the URL of docs/"),
        (20, 1, "ok 1 of the latest 20 texts were reported on"),
        (0, 0, ""),
    ],
)
def test_reports_that_do_not_come(
    taken: int,
    reported: int,
    told: str,
    cloopen: UseCloopen,
    queued_notice: Callable[..., Message],
) -> None:
    cloopen()
    then = timezone.now() - timedelta(minutes=11)
    for number in range(taken):
        message = queued_notice(created_at=then, status="sent")
        DeliveryAttempt.objects.create(
            message=message,
            provider="cloopen",
            outcome="sent",
            arrival="delivered" if number < reported else "",
            started_at=then,
        )
    assert doctor()[1].get("cloopen receipts", "").startswith(told)
