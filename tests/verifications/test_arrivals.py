"""Status reports: late, twice, of nobody's text, and never out of a terminal state."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.verifications.platforms import Fake
from tests.verifications.reports import BAD, GOOD, Told, report, state, their_id
from verifications import arrivals, delivery, tasks
from verifications.exceptions import DeliveryFailed
from verifications.models import DeliveryAttempt, EarlyReceipt, Message
from verifications.providers import Receipt, Text, base
from verifications.services import send_code

pytestmark = pytest.mark.database

Queued = Callable[..., Message]


@pytest.mark.parametrize(
    ("told", "becomes"), [(GOOD, ("delivered", "")), (BAD, ("undelivered", "MK:0001"))]
)
def test_a_report_tells_what_became_of_a_text(
    told: Told, becomes: tuple[str, str], phone: str, first: Fake
) -> None:
    send_code(phone, "login")
    report(first.texts[0], told)
    assert state() == becomes
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.outcome, attempt.arrival, attempt.arrival_code) == ("sent", becomes[0], told[1])


@pytest.mark.parametrize("later", [GOOD, BAD])
@pytest.mark.parametrize("earlier", [GOOD, BAD])
def test_only_the_first_report_counts(earlier: Told, later: Told, phone: str, first: Fake) -> None:
    send_code(phone, "login")
    report(first.texts[0], earlier)
    before = Message.objects.values().get(), DeliveryAttempt.objects.values().get()
    report(first.texts[0], later)
    assert (Message.objects.values().get(), DeliveryAttempt.objects.values().get()) == before
    assert not EarlyReceipt.objects.exists()


def test_a_late_report_counts(phone: str, first: Fake, travel: Callable[[float], None]) -> None:
    send_code(phone, "login")
    travel(3 * 86_400)
    report(first.texts[0], GOOD)
    assert state() == ("delivered", "")


def test_a_report_that_echoes_our_id_counts_too(phone: str, first: Fake) -> None:
    send_code(phone, "login")
    text = first.texts[0]
    report(text, GOOD, message_id="", request_id=text.request_id)
    assert state() == ("delivered", "")


def test_a_report_settles_what_the_platform_did_not_answer(
    phone: str, first: Fake, second: Fake
) -> None:
    first.error, second.error = base.Uncertain("ReadTimeout"), base.Unreachable("HTTP 500")
    assert send_code(phone, "login").status == "unknown"
    text = first.texts[0]
    report(text, GOOD, request_id=text.request_id)
    assert state() == ("delivered", "")


def test_a_report_spares_a_notice_its_repetition(
    queued_notice: Queued, first: Fake, travel: Callable[[float], None]
) -> None:
    message = queued_notice()
    first.repeatable, first.error = True, base.Uncertain("ReadTimeout")
    delivery.deliver([message.pk])
    text = first.texts[0]
    report(text, BAD, request_id=text.request_id)
    travel(10)
    delivery.deliver([message.pk])
    assert state() == ("undelivered", "MK:0001")
    assert len(first.texts) == 1


def test_a_repeated_notice_is_undelivered_by_one_report(
    queued_notice: Queued, first: Fake, travel: Callable[[float], None]
) -> None:
    """Its two tries are one request, so no other text is on its way."""
    message = queued_notice()
    first.repeatable, first.error = True, base.Uncertain("ReadTimeout")
    delivery.deliver([message.pk])
    first.error = base.Duplicate("160054")
    travel(10)
    delivery.deliver([message.pk])
    assert state() == ("sent", "")
    text = first.texts[0]
    report(text, BAD, request_id=text.request_id)
    assert state() == ("undelivered", "MK:0001")


def test_a_failed_text_stays_failed(phone: str, first: Fake) -> None:
    first.error = base.Rejected("160042")
    with pytest.raises(DeliveryFailed):
        send_code(phone, "login")
    text = first.texts[0]
    report(text, GOOD, request_id=text.request_id)
    assert state() == ("failed", "first: 160042")
    assert DeliveryAttempt.objects.get().arrival == "delivered"  # for whoever looks into it


def test_a_report_is_of_one_platform(phone: str, first: Fake, second: Fake) -> None:
    send_code(phone, "login")
    text = first.texts[0]
    report(text, GOOD, "second", request_id=text.request_id)
    assert state() == ("sent", "")
    assert EarlyReceipt.objects.get().provider == "second"


def test_a_report_is_of_one_phone(
    queued_notice: Queued, first: Fake, new_phone: Callable[[], str]
) -> None:
    messages = [queued_notice() for _ in range(2)]
    delivery.deliver([message.pk for message in messages])
    (text,) = first.texts
    ids = {"message_id": "", "request_id": text.request_id}
    for phone, delivered in ((messages[0].phone, True), (f"+86{new_phone()}", False)):
        arrivals.apply("first", [Receipt(phone=phone, delivered=delivered, code="x", **ids)])
    for message in messages:
        message.refresh_from_db()
    assert [message.status for message in messages] == ["delivered", "sent"]


def _through_both(phone: str, first: Fake, second: Fake) -> tuple[Text, Text]:
    first.error = base.Uncertain("ReadTimeout")
    send_code(phone, "login")
    return first.texts[0], second.texts[0]


def test_while_another_try_may_arrive_a_text_is_not_undelivered(
    phone: str, first: Fake, second: Fake
) -> None:
    by_first, by_second = _through_both(phone, first, second)
    report(by_first, BAD, request_id=by_first.request_id)
    assert state() == ("sent", "")
    report(by_second, GOOD, "second")
    assert state() == ("delivered", "")


def test_a_text_that_no_try_brought_is_undelivered(phone: str, first: Fake, second: Fake) -> None:
    by_first, by_second = _through_both(phone, first, second)
    report(by_first, BAD, request_id=by_first.request_id)
    report(by_second, (False, "MN:0001"), "second")
    assert state() == ("undelivered", "MN:0001")


def test_a_text_that_one_try_brought_is_delivered(phone: str, first: Fake, second: Fake) -> None:
    by_first, by_second = _through_both(phone, first, second)
    report(by_first, GOOD, request_id=by_first.request_id)
    report(by_second, BAD, "second")
    assert state() == ("delivered", "")


def test_a_report_on_nobodys_text_is_kept_for_a_day(
    phone: str, first: Fake, travel: Callable[[float], None]
) -> None:
    receipt = Receipt("unknown", "", f"+86{phone}", *GOOD)
    arrivals.apply("first", [receipt, receipt])
    arrivals.apply("first", [receipt])
    assert EarlyReceipt.objects.count() == 1
    tasks.forget()
    assert EarlyReceipt.objects.count() == 1
    then = timezone.now() - timedelta(days=1, seconds=1)
    EarlyReceipt.objects.update(received_at=then)
    tasks.forget()
    assert not EarlyReceipt.objects.exists()


@pytest.mark.parametrize(
    "receipt",
    [
        Receipt("", "", "+8613800138000", *GOOD),
        Receipt("x" * 200, "", "+8613800138000", *GOOD),
        Receipt("x", "y" * 200, "+8613800138000", True, "z" * 200),
        Receipt("x", "", "+86" + "1" * 50, *BAD),
        Receipt("x\0", "\0", "\0", True, "\0"),
        Receipt("x\ud83d", "\ud83d", "\ud83d", True, "\ud83d"),
    ],
    ids=["without an id", "long id", "long code", "long phone", "NUL", "half a pair"],
)
def test_an_odd_report_stops_nothing(receipt: Receipt, phone: str, first: Fake) -> None:
    send_code(phone, "login")
    text = first.texts[0]
    arrivals.apply("first", [receipt, Receipt(their_id(text), "", text.phones[0], *GOOD)])
    assert state() == ("delivered", "")
