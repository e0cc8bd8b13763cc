"""The same Idempotency-Key: the same answer, and nobody is texted twice."""

from collections.abc import Callable

import pytest
from django.db import transaction

from tests.verifications.platforms import SHIPPED, Fake
from tests.verifications.racing import race
from verifications import tasks
from verifications.exceptions import InvalidRequest
from verifications.models import IdempotencyKey, Message
from verifications.services import Notice, notify

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

NewPhone = Callable[[], str]


def _notify(to: str | list[str], key: str | None = "D1001-shipped") -> list[Notice]:
    return notify(to, "shipped", SHIPPED, idempotency_key=key)


def test_it_answers_the_same_and_sends_nothing(first: Fake, new_phone: NewPhone) -> None:
    phones = [new_phone(), "12345", new_phone()]
    answer = _notify(phones)
    assert [notice.code for notice in answer] == ["", "invalid_phone", ""]
    for _ in range(3):
        assert _notify(phones) == answer
    assert len(first.texts) == 1
    assert Message.objects.count() == 2


@pytest.mark.parametrize("key", ["D1001-Shipped", "D1001-shipped ", "d1001-shipped", "Ｄ1001"])
def test_another_key_is_another_call(key: str, phone: str, first: Fake) -> None:
    _notify(phone)
    _notify(phone, key)
    assert len(first.texts) == 2


def test_without_a_key_each_call_is_its_own(phone: str, first: Fake) -> None:
    _notify(phone, None)
    _notify(phone, None)
    assert len(first.texts) == 2


def test_it_is_of_one_request(phone: str, first: Fake, new_phone: NewPhone) -> None:
    _notify(phone)
    others: list[tuple[str | list[str], dict[str, str]]] = [
        (new_phone(), SHIPPED),
        ([phone, new_phone()], SHIPPED),
        (phone, {**SHIPPED, "order": "D1002"}),
    ]
    for to, params in others:
        with pytest.raises(InvalidRequest) as refusal:
            notify(to, "shipped", params, idempotency_key="D1001-shipped")
        assert refusal.value.extras["errors"][0]["field"] == "Idempotency-Key"
    assert Message.objects.count() == 1


def test_it_ends(phone: str, first: Fake, travel: Callable[[float], None]) -> None:
    _notify(phone)
    travel(86_399)
    _notify(phone)
    assert len(first.texts) == 1
    travel(2)
    _notify(phone)
    assert len(first.texts) == 2
    _notify(phone)
    assert len(first.texts) == 2


def test_it_is_free_again_once_it_is_forgotten(
    phone: str, first: Fake, travel: Callable[[float], None]
) -> None:
    _notify(phone)
    travel(86_401)
    tasks.forget()
    assert not IdempotencyKey.objects.exists()
    _notify(phone)
    assert len(first.texts) == 2


def test_callers_that_race_text_once_and_read_one_answer(first: Fake, phone: str) -> None:
    answers = race(8, lambda _: _notify(phone))
    assert all(answer == answers[0] for answer in answers)
    assert len(first.texts) == 1
    assert Message.objects.count() == 1


def test_a_rollback_of_the_callers_frees_it(phone: str, first: Fake) -> None:
    with transaction.atomic():
        rolled_back = _notify(phone)
        transaction.set_rollback(True)
    answer = _notify(phone)
    assert answer != rolled_back
    assert len(first.texts) == 1
    assert str(Message.objects.get().pk) == answer[0].id


def test_in_a_transaction_that_has_looked_before_it_answers_the_same(
    phone: str, first: Fake
) -> None:
    """Such a one may look at an older state, where the key is free yet."""
    with transaction.atomic():
        assert not IdempotencyKey.objects.exists()
        if transaction.get_connection().vendor == "sqlite":
            answer = _notify(phone)  # nobody else could write meanwhile
        else:
            (answer,) = race(1, lambda _: _notify(phone))
        assert _notify(phone) == answer
    assert Message.objects.count() == 1
    assert len(first.texts) == 1


def test_it_is_not_kept_as_it_is(phone: str, first: Fake) -> None:
    _notify(phone)
    assert "D1001" not in str(IdempotencyKey.objects.values().get())
