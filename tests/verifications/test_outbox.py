"""With workers a code's text waits in Redis, where it was reserved; a worker writes its row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from redis import Redis

from tests.conftest import Configure
from tests.verifications.platforms import Fake, Killed, die
from tests.verifications.racing import race
from tests.waiting import Waiting
from verifications import delivery, outbox, rules, store, tasks
from verifications.exceptions import Cooldown, Unavailable
from verifications.models import ListEntry, Message
from verifications.providers import base
from verifications.services import look_up_code, send_code, verify_code

pytestmark = [
    pytest.mark.database,
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("waiting"),
]

Travel = Callable[[float], None]
NewPhone = Callable[[], str]


@contextmanager
def _without_database() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        yield


def test_a_worker_writes_its_row_and_sends_it(
    phone: str, first: Fake, waiting: Waiting, redis: Redis
) -> None:
    pending = send_code(phone, "login")
    assert pending.status == "queued"
    assert waiting("codes")
    assert not Message.objects.exists()
    tasks.collect()
    message = Message.objects.get()
    assert (str(message.pk), message.status, message.claim) == (pending.id, "sent", None)
    assert (message.phone, message.template) == (f"+86{phone}", "login")
    assert message.params == {"minutes": "5"}
    assert message.expires_at - message.created_at == timedelta(seconds=300)
    assert verify_code(phone, "login", first.texts[0].params["code"])
    assert outbox.waiting() == (0, None)
    assert not redis.exists(*store.outbox_keys())


def test_a_look_at_it_tells_that_it_is_queued(phone: str, first: Fake, travel: Travel) -> None:
    pending = send_code(phone, "login")
    travel(20)
    assert look_up_code(pending.id) == ("queued", 280, 40)
    tasks.collect()
    assert look_up_code(pending.id) == ("sent", 280, 40)


def test_the_row_is_there_before_the_platform_is_asked(phone: str, first: Fake) -> None:
    seen: list[list[Any]] = []
    rows = Message.objects.values_list("status", "attempts__outcome")
    first.meanwhile = lambda _: seen.append(race(1, lambda _: list(rows))[0])
    send_code(phone, "login")
    tasks.collect()
    assert seen == [[("queued", "open")]]


def test_its_phone_cannot_be_read_in_redis(phone: str, redis: Redis) -> None:
    send_code(phone, "login")
    _queue, texts = store.outbox_keys()
    (held,) = redis.hvals(texts)
    assert b"login" in held
    assert phone.encode() not in held


def test_a_refused_one_leaves_nothing_there(phone: str) -> None:
    send_code(phone, "login")
    with pytest.raises(Cooldown):
        send_code(phone, "register")
    assert outbox.waiting().messages == 1


def test_a_resend_carries_the_same_code(phone: str, first: Fake, travel: Travel) -> None:
    for _ in range(2):
        send_code(phone, "login")
        tasks.collect()
        travel(60)
    assert first.texts[0].params == first.texts[1].params


def test_a_worker_takes_no_more_than_it_asks_for(new_phone: NewPhone) -> None:
    for _ in range(3):
        send_code(new_phone(), "login")
    assert [len(outbox.take(2, 60)) for _ in range(3)] == [2, 1, 0]


def test_the_oldest_go_first(
    new_phone: NewPhone, first: Fake, configure: Configure, travel: Travel
) -> None:
    configure(CONCURRENCY=1)
    phones = []
    for _ in range(3):
        phones.append(new_phone())
        send_code(phones[-1], "login")
        travel(1)
    assert outbox.waiting().messages == 3
    tasks.collect()
    assert [text.phones for text in first.texts] == [[f"+86{phone}"] for phone in phones]


def test_of_many_workers_one_has_it(new_phone: NewPhone, first: Fake) -> None:
    phones = [new_phone() for _ in range(20)]
    for phone in phones:
        send_code(phone, "login")
    race(4, lambda _: delivery.collect())
    assert sorted(text.phones[0] for text in first.texts) == [f"+86{phone}" for phone in phones]


def test_what_a_worker_took_and_did_not_write_another_sends(
    phone: str, first: Fake, travel: Travel
) -> None:
    send_code(phone, "login")
    assert outbox.take(1, 10)
    tasks.collect()
    assert not first.texts
    travel(11)
    tasks.collect()
    assert len(first.texts) == 1


def test_what_a_worker_wrote_and_did_not_take_out_is_not_sent_again(
    phone: str, first: Fake, travel: Travel
) -> None:
    send_code(phone, "login")
    (message,) = outbox.take(1, 10)
    message.save(force_insert=True)
    travel(11)
    tasks.collect()
    assert (len(first.texts), outbox.waiting().messages) == (0, 0)
    assert Message.objects.get().pk == message.pk  # and the sweep's, from its due_at on


def test_a_worker_that_dies_while_it_sends_leaves_its_row(
    phone: str, first: Fake, configure: Configure, travel: Travel
) -> None:
    configure(CLAIM_TTL=30)
    send_code(phone, "login")
    first.meanwhile = die
    with pytest.raises(Killed):
        delivery.collect()
    first.meanwhile = lambda _: None
    travel(31)
    delivery.deliver([Message.objects.get().pk])
    assert first.texts[0].params == first.texts[1].params  # the same code
    assert Message.objects.get().status == "sent"


def test_without_the_database_a_worker_leaves_it_there(
    phone: str, first: Fake, configure: Configure, travel: Travel
) -> None:
    configure(CLAIM_TTL=5)
    send_code(phone, "login")
    with _without_database(), pytest.raises(tasks.Failed):
        tasks.collect()
    travel(11)
    tasks.collect()
    assert len(first.texts) == 1


def test_a_database_that_is_away_for_a_moment_is_waited_for(
    phone: str, first: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    send_code(phone, "login")
    refusals = iter([OperationalError("gone")])

    def refuse_once(execute: Callable[..., object], *asked: object) -> object:
        for refusal in refusals:
            raise refusal
        return execute(*asked)

    with connection.execute_wrapper(refuse_once):
        tasks.collect()
    assert len(first.texts) == 1
    assert "database: OperationalError" in caplog.messages


def test_one_that_waited_too_long_is_not_sent(phone: str, first: Fake, travel: Travel) -> None:
    send_code(phone, "login")
    travel(301)
    tasks.collect()
    message = Message.objects.get()
    assert (message.status, message.reason) == ("expired", "expired")
    assert not first.texts


def test_one_that_no_platform_takes_is_the_sweeps(
    phone: str, first: Fake, second: Fake, travel: Travel
) -> None:
    first.error = second.error = base.Unreachable("HTTP 500")
    send_code(phone, "login")
    tasks.collect()
    assert (Message.objects.get().status, Message.objects.get().rounds) == ("queued", 1)
    first.error = None
    travel(5)
    delivery.deliver([Message.objects.get().pk])
    assert Message.objects.get().status == "sent"


def test_what_no_worker_was_called_for_the_sweep_sends(phone: str, first: Fake) -> None:
    send_code(phone, "login")
    tasks.sweep()
    assert len(first.texts) == 1


def test_the_sweep_does_its_other_work_without_redis(
    phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(outbox, "take", away)
    assert tasks.sweep() == 0


def test_a_text_of_a_fallback_key_goes_out(phone: str, first: Fake, settings: LazySettings) -> None:
    send_code(phone, "login")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    tasks.collect()
    assert first.texts[0].phones == [f"+86{phone}"]


def test_a_text_whose_key_is_gone_is_told_of(
    phone: str, first: Fake, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    pending = send_code(phone, "login")
    settings.SECRET_KEY = "new"
    tasks.collect()
    assert "outbox: 1 of 1 texts cannot be read" in caplog.messages
    assert look_up_code(pending.id) is None
    assert outbox.waiting().messages == 0


def test_an_id_without_its_text_is_told_of(
    phone: str, first: Fake, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    send_code(phone, "login")
    _queue, texts = store.outbox_keys()
    redis.delete(texts)
    tasks.collect()
    assert "outbox: 1 of 1 texts cannot be read" in caplog.messages
    assert not outbox.take(1, 0)


def test_what_is_withheld_goes_nowhere(phone: str, first: Fake) -> None:
    ListEntry.objects.create(list="block", what="phone", value=f"+86{phone}")
    rules.forget()
    assert send_code(phone, "login").status == "queued"
    tasks.collect()
    message = Message.objects.get()
    assert (message.status, message.withheld) == ("sent", "blocked")
    assert not first.texts


def test_it_goes_whatever_becomes_of_the_callers_transaction(phone: str, first: Fake) -> None:
    with transaction.atomic():
        send_code(phone, "login")
        transaction.set_rollback(True)
    tasks.collect()
    assert len(first.texts) == 1


def test_while_the_database_is_known_to_be_away_none_is_taken(phone: str) -> None:
    send_code(phone, "login")
    rules.forget()
    rules.get()
    with _without_database():
        rules._last = rules._last._replace(asked=0.0)  # type: ignore[union-attr]
        with pytest.raises(Unavailable):
            send_code(phone, "register")
    assert outbox.waiting().messages == 1


def test_waiting_tells_since_when(phone: str, new_phone: NewPhone, travel: Travel) -> None:
    before = timezone.now()
    send_code(phone, "login")
    travel(30)
    send_code(new_phone(), "login")
    waiting = outbox.waiting()
    assert waiting.messages == 2
    assert waiting.since
    assert abs(waiting.since - before) < timedelta(seconds=10)
