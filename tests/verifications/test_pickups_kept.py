"""提货码: what outlives the loss of Redis, of the queue, of a secret key."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from redis import Redis

from dadashop.celery import app
from tests.conftest import wrong
from tests.live import free_port
from tests.verifications.platforms import Fake
from tests.waiting import Waiting
from verifications.exceptions import CodeIncorrect, Cooldown, Unavailable
from verifications.models import Message, PickupCode
from verifications.services import (
    cancel_pickup_code,
    issue_pickup_code,
    redeem_pickup_code,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Travel = Callable[[float], None]
Issue = Callable[..., str]


def test_losing_redis_loses_nothing(issue: Issue, redis: Redis, travel: Travel) -> None:
    code = issue()
    with pytest.raises(CodeIncorrect):
        redeem_pickup_code(wrong(code), order="D1001")
    redis.flushall()
    with pytest.raises(Cooldown):
        issue()
    with pytest.raises(CodeIncorrect) as refusal:
        redeem_pickup_code(wrong(code), order="D1001")
    assert refusal.value.extras == {"attempts_left": 3}
    assert redeem_pickup_code(code, order="D1001")


def test_it_outlives_a_change_of_the_secret_key(
    issue: Issue, settings: LazySettings, travel: Travel
) -> None:
    code = issue()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    travel(61)
    assert issue() == code
    assert redeem_pickup_code(code, order="D1001")


def test_it_is_texted_after_the_commit(phone: str, first: Fake) -> None:
    with transaction.atomic():
        issue_pickup_code(phone, "D1001")
        assert not first.texts
    assert len(first.texts) == 1
    with transaction.atomic():
        issue_pickup_code(phone, "D1002")
        transaction.set_rollback(True)
    assert len(first.texts) == 1
    assert PickupCode.objects.count() == Message.objects.count() == 1


def test_what_the_queue_does_not_take_is_due_soon(
    phone: str, first: Fake, waiting: Waiting
) -> None:
    app.conf.update(broker_url=f"redis://127.0.0.1:{free_port()}/0")
    assert issue_pickup_code(phone, "D1001").order == "D1001"
    message = Message.objects.get()
    assert (message.status, message.claim) == ("queued", None)
    assert timedelta() < message.due_at - timezone.now() <= timedelta(seconds=10)


def test_a_database_that_is_away_opens_nothing(issue: Issue) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    code = issue()
    for act in (
        lambda: redeem_pickup_code(code, order="D1001"),
        lambda: cancel_pickup_code("D1001"),
        lambda: issue("D1002"),
    ):
        with connection.execute_wrapper(refuse), pytest.raises(Unavailable):
            act()
    assert redeem_pickup_code(code, order="D1001")
