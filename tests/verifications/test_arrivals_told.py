"""What operators see of status reports: counters, lines of the log, times in the rows."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import Configure
from tests.verifications.platforms import Fake
from tests.verifications.reports import BAD, GOOD, report
from verifications import arrivals, metrics
from verifications.models import DeliveryAttempt, EarlyReceipt, Message
from verifications.providers import Receipt
from verifications.services import send_code

LOG = "verifications.arrivals"
GATEWAY = (False, "DB:9999")  # a carrier's gateway failed, not the phone


def _read(outcome: str) -> float:
    value: float = metrics.RECEIPTS.labels("first", outcome)._value.get()
    return value


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOG)


def _said(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[logging.LogRecord]:
    return [one for one in caplog.records if (one.name, one.levelno) == (LOG, level)]


@pytest.mark.parametrize(("told", "outcome"), [(GOOD, "delivered"), (BAD, "undelivered")])
def test_each_report_is_counted_once_by_what_it_says(
    told: tuple[bool, str], outcome: str, phone: str, first: Fake
) -> None:
    send_code(phone, "login")
    before = _read(outcome), _read("duplicate"), _read("unknown")
    for _ in range(3):
        report(first.texts[0], told)
    after = _read(outcome), _read("duplicate"), _read("unknown")
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 2, 0]


def test_a_report_on_nobodys_text_is_counted_as_that(phone: str, first: Fake) -> None:
    before = _read("unknown")
    arrivals.apply("first", [Receipt("nobodys", "", f"+86{phone}", *GOOD)])
    assert _read("unknown") - before == 1


@pytest.mark.parametrize(("told", "status"), [(GOOD, "delivered"), (BAD, "undelivered")])
def test_a_text_is_counted_by_where_it_ended(
    told: tuple[bool, str], status: str, phone: str, first: Fake
) -> None:
    ended = metrics.MESSAGES.labels("code", status)
    send_code(phone, "login")
    before = ended._value.get()
    report(first.texts[0], told)
    assert ended._value.get() - before == 1


def test_how_long_a_text_took_is_counted_from_when_it_was_asked_for(
    phone: str, first: Fake, travel: Callable[[float], None]
) -> None:
    took = metrics.DELIVERY.labels("code", "first")
    send_code(phone, "login")
    before = took._sum.get()
    travel(30)
    report(first.texts[0], GOOD)
    assert 30 <= took._sum.get() - before < 45


def test_the_rows_say_when(phone: str, first: Fake, travel: Callable[[float], None]) -> None:
    send_code(phone, "login")
    travel(30)
    report(first.texts[0], GOOD)
    now = timezone.now()
    attempt, message = DeliveryAttempt.objects.get(), Message.objects.get()
    assert attempt.arrived_at
    for moment in (attempt.arrived_at, message.updated_at):
        assert now - timedelta(seconds=20) < moment <= now


def test_a_text_that_did_not_arrive_is_logged(
    phone: str, first: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    send_code(phone, "login")
    message = Message.objects.get()
    report(first.texts[0], BAD)
    (record,) = _said(caplog)
    assert record.getMessage() == f"message {message.pk}: undelivered: MK:0001"
    fields = ("message_id", "kind", "provider", "status", "code")
    told = [getattr(record, field) for field in fields]
    assert told == [str(message.pk), "code", "first", "undelivered", "MK:0001"]


def test_one_that_arrived_is_not(phone: str, first: Fake, caplog: pytest.LogCaptureFixture) -> None:
    send_code(phone, "login")
    report(first.texts[0], GOOD)
    assert not _said(caplog)


def test_a_platform_whose_texts_do_not_arrive_is_logged_once_passed_over(
    new_phone: Callable[[], str],
    first: Fake,
    configure: Configure,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure(BREAKER=[2, 15])
    for _ in range(2):
        send_code(new_phone(), "login")
    for text in first.texts:
        assert not _said(caplog, logging.ERROR)
        report(text, GATEWAY)
    (record,) = _said(caplog, logging.ERROR)
    assert record.getMessage() == "first: too many texts do not arrive (DB:9999), passed over"
    assert [getattr(record, field) for field in ("provider", "code")] == ["first", "DB:9999"]


@pytest.mark.parametrize("between", [BAD, GOOD])
def test_what_says_nothing_against_a_platform_does_not_count_against_it(
    between: tuple[bool, str],
    new_phone: Callable[[], str],
    first: Fake,
    configure: Configure,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A phone that is switched off leaves the count as it is, one that arrives begins it anew."""
    configure(BREAKER=[2, 15])
    for _ in range(3):
        send_code(new_phone(), "login")
    for text, told in zip(first.texts, [GATEWAY, between, GATEWAY], strict=True):
        report(text, told)
    assert len(_said(caplog, logging.ERROR)) == (between == BAD)


def test_a_report_is_kept_with_all_that_it_says(phone: str, first: Fake) -> None:
    receipts = [
        Receipt("by their id", "ours", f"+86{phone}", *BAD),
        Receipt("", "by our id", f"+86{phone}", *GOOD),
    ]
    arrivals.apply("first", receipts)
    kept = EarlyReceipt.objects.order_by("pk")
    assert [(one.provider, one.message_id, one.phone, one.delivered, one.code) for one in kept] == [
        ("first", "by their id", f"+86{phone}", *BAD),
        ("first", "by our id", f"+86{phone}", *GOOD),
    ]


def test_what_is_too_long_is_cut_to_its_column(first: Fake) -> None:
    arrivals.apply("first", [Receipt("m" * 65, "", "p" * 17, True, "c" * 65)])
    arrivals.apply("first", [Receipt("", "r" * 33, "p", True, "")])
    long, ours = EarlyReceipt.objects.order_by("pk")
    assert (long.message_id, long.phone, long.code) == ("m" * 64, "p" * 16, "c" * 64)
    assert ours.message_id == "r" * 32


def test_reports_that_came_long_before_are_not_looked_at_by_every_sweep(
    phone: str, first: Fake, travel: Callable[[float], None]
) -> None:
    send_code(phone, "login")
    text = first.texts[0]
    EarlyReceipt.objects.create(
        provider="first",
        message_id=text.request_id + text.phones[0],
        phone=text.phones[0],
        delivered=True,
    )
    now = timezone.now()
    arrivals.catch_up_lately(now + timedelta(minutes=15, seconds=5))
    assert Message.objects.get().status == "sent"
    arrivals.catch_up_lately(now + timedelta(minutes=14, seconds=55))
    assert Message.objects.get().status == "delivered"


def test_it_is_told_how_many_were_forgotten(phone: str) -> None:
    for name in ("a", "b", "c"):
        EarlyReceipt.objects.create(provider="first", message_id=name, phone=phone, delivered=True)
    EarlyReceipt.objects.exclude(message_id="c").update(
        received_at=timezone.now() - timedelta(days=1, seconds=1)
    )
    assert arrivals.forget_unclaimed(timezone.now()) == 2
    assert arrivals.forget_unclaimed(timezone.now()) == 0
