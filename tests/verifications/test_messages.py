"""Each text is a row: written before it is sent, and its status is what became of it."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tests.conftest import Configure
from tests.verifications.platforms import SHIPPED, Fake
from tests.verifications.racing import race
from verifications import delivery
from verifications.exceptions import DeliveryFailed, Unavailable
from verifications.models import DeliveryAttempt, Message
from verifications.providers import SendError, Text, base
from verifications.services import issue_pickup_code, look_up_code, notify, send_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def _seen_by_another() -> list[tuple[str, str]]:
    """(status, outcome) of every message and its tries, as another process sees them."""
    rows = Message.objects.values_list("status", "attempts__outcome")
    return race(1, lambda _: list(rows))[0]


def test_the_row_and_its_try_are_there_before_the_platform_is_asked(
    phone: str, first: Fake
) -> None:
    seen: list[list[tuple[str, str]]] = []
    first.meanwhile = lambda text: seen.append(_seen_by_another())
    send_code(phone, "login")
    assert seen == [[("queued", "open")]]
    assert _seen_by_another() == [("sent", "sent")]


def test_a_row_holds_what_its_code_is_derived_from_and_not_the_code(
    phone: str, first: Fake
) -> None:
    send_code(phone, "login")
    message = Message.objects.get()
    assert (message.phone, message.kind, message.template) == (f"+86{phone}", "code", "login")
    assert message.params == {"minutes": "5"}
    assert len(bytes.fromhex(message.challenge)) == 12
    assert (message.expires_at - message.created_at).total_seconds() == 300


@pytest.mark.parametrize(
    ("error", "refusal", "status", "reason"),
    [
        (base.Rejected("160042"), DeliveryFailed, "failed", "second: 160042"),
        (base.Declined("160021"), DeliveryFailed, "failed", "second: 160021"),
        (base.Unreachable("HTTP 500"), Unavailable, "failed", "second: HTTP 500"),
        (base.Uncertain("ReadTimeout"), None, "unknown", "second: ReadTimeout"),
    ],
)
def test_a_row_tells_why_it_was_not_sent(
    error: SendError,
    refusal: type[Exception] | None,
    status: str,
    reason: str,
    phone: str,
    first: Fake,
    second: Fake,
) -> None:
    first.error, second.error = base.Unreachable("ConnectTimeout"), error
    if refusal:
        with pytest.raises(refusal):
            send_code(phone, "login")
    else:
        assert send_code(phone, "login").status == status
    message = Message.objects.get()
    assert (message.status, message.reason, message.claim) == (status, reason, None)


def test_a_worker_that_is_given_a_message_twice_sends_it_once(
    queued_code: Callable[[], Message], first: Fake
) -> None:
    message = queued_code()
    delivery.deliver([message.pk, message.pk])
    delivery.deliver([message.pk])
    assert len(first.texts) == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [(None, "sent"), (base.Uncertain("ReadTimeout"), "unknown")],
)
def test_a_database_that_falls_away_during_the_send_does_not_undo_it(
    phone: str,
    first: Fake,
    caplog: pytest.LogCaptureFixture,
    error: SendError | None,
    status: str,
) -> None:
    away, first.error = False, error

    def fall_away(text: Text) -> None:
        nonlocal away
        away = True

    def refuse(execute: Callable[..., object], *asked: object) -> object:
        if away:
            raise OperationalError("gone")
        return execute(*asked)

    first.meanwhile = fall_away
    with connection.execute_wrapper(refuse):
        assert send_code(phone, "login").status == status
    message = Message.objects.get()
    assert (message.status, message.attempts.get().outcome) == ("queued", "open")
    assert f"unsettled message {message.pk}: OperationalError" in caplog.messages


def test_a_database_that_is_away_sends_nothing(phone: str, first: Fake) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse), pytest.raises(Unavailable):
        send_code(phone, "login")
    assert not first.texts
    assert send_code(phone, "login").status == "sent"  # it cost the phone nothing


@pytest.mark.parametrize("code_id", ["", "x", "0" * 32, "é", "\0", "0" * 1000])
def test_an_id_that_we_never_gave_is_known_as_such(code_id: str) -> None:
    assert look_up_code(code_id) is None


def test_the_id_of_another_text_is_no_codes(phone: str, first: Fake) -> None:
    (notice,) = notify(phone, "shipped", SHIPPED)
    issue_pickup_code(phone, "D1001")
    for message in Message.objects.all():
        assert look_up_code(str(message.pk)) is None
    assert notice.id


def test_a_look_at_a_code_tells_its_text_and_its_life(
    phone: str, first: Fake, travel: Callable[[float], None]
) -> None:
    pending = send_code(phone, "login")
    assert look_up_code(pending.id) == ("sent", 300, 60)
    travel(100)
    again = send_code(phone, "login")
    assert again.id != pending.id
    assert look_up_code(pending.id) == look_up_code(again.id) == ("sent", 300, 60)
    travel(300)
    assert look_up_code(again.id) == ("sent", 0, 0)


def test_each_try_says_how_long_it_took(phone: str, first: Fake, configure: Configure) -> None:
    started = timezone.now()
    send_code(phone, "login")
    attempt = DeliveryAttempt.objects.get()
    assert started <= attempt.started_at <= timezone.now()
    assert attempt.latency_ms is not None
    assert attempt.provider_message_id
    assert attempt.request_id == first.texts[0].request_id
