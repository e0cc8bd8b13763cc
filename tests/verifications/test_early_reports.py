"""Status reports that are faster than the platform's answer, or than our commit of it."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from tests.verifications.platforms import Fake
from tests.verifications.racing import race
from tests.verifications.reports import GOOD, report, state, their_id
from verifications import arrivals, delivery, tasks
from verifications.models import DeliveryAttempt, EarlyReceipt, Message
from verifications.providers import base
from verifications.services import send_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Queued = Callable[..., Message]


def test_a_report_during_the_send_finds_its_text_by_our_id(phone: str, first: Fake) -> None:
    first.meanwhile = lambda text: race(1, lambda _: report(text, GOOD, request_id=text.request_id))
    assert send_code(phone, "login").status == "sent"
    assert state() == ("delivered", "")
    assert DeliveryAttempt.objects.get().outcome == "sent"


def test_a_report_that_comes_before_the_platforms_answer_is_kept_for_it(
    phone: str, first: Fake
) -> None:
    first.meanwhile = lambda text: race(1, lambda _: report(text, GOOD))
    send_code(phone, "login")
    assert state() == ("delivered", "")
    assert not EarlyReceipt.objects.exists()


def test_a_report_between_the_answer_and_our_commit_is_kept_for_it(phone: str, first: Fake) -> None:
    """Where the caller's transaction goes on after the send."""
    with transaction.atomic():
        send_code(phone, "login")
        text = first.texts[0]
        # As a process keeps it that does not see the text yet.
        EarlyReceipt.objects.create(
            provider="first", message_id=their_id(text), phone=text.phones[0], delivered=True
        )
    assert state() == ("delivered", "")


def test_a_report_in_the_very_moment_of_our_commit_waits_for_the_sweep(
    phone: str, first: Fake
) -> None:
    """It looked for the text before that could be seen, and was kept too late to be seen by it."""
    send_code(phone, "login")
    text = first.texts[0]
    EarlyReceipt.objects.create(
        provider="first", message_id=their_id(text), phone=text.phones[0], delivered=True
    )
    tasks.sweep()
    assert state() == ("delivered", "")
    assert not EarlyReceipt.objects.exists()


def test_reports_that_race_the_commit_are_never_lost(queued_notice: Queued, first: Fake) -> None:
    messages = [queued_notice() for _ in range(6)]
    first.batch_limit = 1

    def run(number: int) -> None:
        if number < 6:
            delivery.deliver([messages[number].pk])
            return
        told: set[str] = set()
        while len(told) < 6:
            for text in list(first.texts):
                if text.request_id not in told:
                    told.add(text.request_id)
                    report(text, GOOD)

    race(7, run)
    arrivals.catch_up_lately(timezone.now())
    assert list(Message.objects.values_list("status", flat=True)) == ["delivered"] * 6
    assert not EarlyReceipt.objects.exists()


def test_what_has_arrived_is_not_sent_through_another_platform(
    phone: str, first: Fake, second: Fake
) -> None:
    first.error = base.Uncertain("ReadTimeout")
    first.meanwhile = lambda text: race(1, lambda _: report(text, GOOD, request_id=text.request_id))
    assert send_code(phone, "login").status == "delivered"
    assert not second.texts
    assert state() == ("delivered", "")
