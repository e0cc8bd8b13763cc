"""A report touches its own text, and what speaks of another leaves it alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.signals import post_save

from tests.conftest import Configure
from tests.verifications.platforms import Fake
from tests.verifications.reports import BAD, GOOD, report, state, their_id
from verifications import arrivals, breakers
from verifications.models import DeliveryAttempt, EarlyReceipt, Message
from verifications.providers import Receipt, Text, base
from verifications.services import send_code

NewPhone = Callable[[], str]


def _early(text: Text, provider: str = "first", **changed: Any) -> EarlyReceipt:
    kept = {"provider": provider, "message_id": their_id(text), "phone": text.phones[0]}
    return EarlyReceipt.objects.create(**{**kept, "delivered": True, **changed})


def test_a_text_that_waits_does_not_keep_another_from_being_undelivered(
    new_phone: NewPhone, first: Fake
) -> None:
    for _ in range(2):
        send_code(new_phone(), "login")
    report(first.texts[0], BAD)
    assert sorted(Message.objects.values_list("status", flat=True)) == ["sent", "undelivered"]


@pytest.mark.parametrize(
    "ids",
    [{"message_id": "nobodys"}, {"message_id": "", "request_id": "nobodys"}],
    ids=["theirs", "ours"],
)
def test_a_report_on_another_text_of_the_same_phone(
    ids: dict[str, str], phone: str, first: Fake
) -> None:
    send_code(phone, "login")
    report(first.texts[0], GOOD, **ids)
    assert state() == ("sent", "")
    assert EarlyReceipt.objects.get().message_id == "nobodys"


def test_either_id_is_enough(new_phone: NewPhone, first: Fake) -> None:
    for _ in range(2):
        send_code(new_phone(), "login")
    by_theirs, by_ours = first.texts
    report(by_theirs, GOOD, request_id="nobodys")
    report(by_ours, GOOD, message_id="nobodys", request_id=by_ours.request_id)
    assert set(Message.objects.values_list("status", flat=True)) == {"delivered"}


def test_a_report_on_another_phone(phone: str, new_phone: NewPhone, first: Fake) -> None:
    send_code(phone, "login")
    receipt = Receipt(their_id(first.texts[0]), "", f"+86{new_phone()}", *GOOD)
    arrivals.apply("first", [receipt])
    assert state() == ("sent", "")


def test_what_a_database_may_not_keep_is_left_out(phone: str) -> None:
    arrivals.apply("first", [Receipt("a\0b\ud83dc", "", f"+86{phone}", *GOOD)])
    assert EarlyReceipt.objects.get().message_id == "abc"


def test_a_try_that_surely_failed_brings_nothing_any_more(
    phone: str, first: Fake, second: Fake
) -> None:
    first.error = base.Unreachable("HTTP 500")
    send_code(phone, "login")
    report(second.texts[0], BAD, "second")
    assert state() == ("undelivered", "MK:0001")


def test_reports_that_were_kept_are_applied_by_the_ids_that_are_known_now(
    new_phone: NewPhone, first: Fake
) -> None:
    for _ in range(2):
        send_code(new_phone(), "login")
    known, other = first.texts
    kept = [_early(known), _early(other)]
    arrivals.catch_up("first", [their_id(known)])
    assert list(EarlyReceipt.objects.all()) == kept[1:]
    assert sorted(Message.objects.values_list("status", flat=True)) == ["delivered", "sent"]


def test_an_id_is_of_one_platform(phone: str, first: Fake, second: Fake) -> None:
    first.error = base.Uncertain("ReadTimeout")
    send_code(phone, "login")
    (text,) = second.texts
    kept = _early(text, "second", delivered=False)
    arrivals.catch_up("first", [their_id(text)])
    assert list(EarlyReceipt.objects.all()) == [kept]
    assert state() == ("sent", "")


def test_a_text_that_becomes_known_while_its_report_is_kept_has_it_at_once(
    phone: str, first: Fake
) -> None:
    send_code(phone, "login")
    text = first.texts[0]
    attempts = DeliveryAttempt.objects.all()
    attempts.update(provider_message_id="")

    def commit(**_: object) -> None:
        attempts.update(provider_message_id=their_id(text))

    post_save.connect(commit, sender=EarlyReceipt)
    try:
        report(text, GOOD)
    finally:
        post_save.disconnect(commit, sender=EarlyReceipt)
    assert state() == ("delivered", "")
    assert not EarlyReceipt.objects.exists()


def test_a_platform_that_takes_texts_and_brings_none_is_passed_over(
    new_phone: NewPhone, first: Fake, configure: Configure
) -> None:
    """What it takes in between does not count for it."""
    configure(BREAKER=[2, 15])
    for _ in range(2):
        send_code(new_phone(), "login")
        report(first.texts[-1], (False, "DB:9999"))
    breakers._clean_until.clear()
    assert breakers.closed(["first", "second"]) == {"second"}


@pytest.mark.usefixtures("first")
def test_one_failure_is_remembered_as_that_of_a_report(phone: str, redis: Any) -> None:
    send_code(phone, "login")
    attempt = DeliveryAttempt.objects.get()
    receipt = Receipt(attempt.provider_message_id, "", f"+86{phone}", False, "DB:9999")
    arrivals.apply("first", [receipt])
    (key,) = redis.scan_iter("sms:*breaker*")
    assert redis.hgetall(key) == {b"first:receipt": b"1"}
