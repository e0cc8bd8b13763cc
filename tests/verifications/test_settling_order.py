"""A text is settled in the order in which a report is applied: its try first, then the message."""

import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.until import until
from verifications import rows
from verifications.models import DeliveryAttempt, Message
from verifications.services import send_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def _settle(attempt: DeliveryAttempt) -> None:
    try:
        rows.settle(attempt.pk, attempt, "sent", "", timezone.now())
    finally:
        connections.close_all()


def test_whoever_waits_for_the_try_does_not_hold_the_message(phone: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the others take two statements, in this order")
    send_code(phone, "login")
    attempt = DeliveryAttempt.objects.get()
    Message.objects.update(status="queued", claim=attempt.pk)
    applying = connection.copy()  # of a report
    settling = threading.Thread(target=_settle, args=[attempt])
    with applying.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE verifications_deliveryattempt SET arrival = 'delivered'")
        settling.start()
        until(lambda: _count() > 0)
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute("UPDATE verifications_message SET status = 'delivered'")
        cursor.execute("COMMIT")
    applying.close()
    settling.join(30)
    assert not settling.is_alive()
    assert Message.objects.get().status == "delivered"


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return int(cursor.fetchone()[0])
