"""No dump gives a code away: not the database's, not the queue's, not Redis'."""

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings

from tests.conftest import Configure
from tests.secrets.conftest import RECEIPT_SECRET, SERVICE_KEY, CodeOf, tells
from tests.waiting import Waiting
from verifications import tasks
from verifications.exceptions import CodeIncorrect
from verifications.models import DeliveryAttempt, Message, PickupCode
from verifications.services import (
    Proof,
    exchange_code,
    issue_pickup_code,
    notify,
    redeem_pickup_code,
    send_code,
    verify_code,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

SHIPPED = {"order": "D1001", "company": "顺丰", "number": "SF1"}


def _dump() -> str:
    """Every row of every table, but for times, whose microseconds may be any six digits."""

    def rows() -> Iterator[Any]:
        for model in apps.get_models(include_auto_created=True):
            yield from model._default_manager.values_list()

    return "\n".join(
        str(value) for row in rows() for value in row if not isinstance(value, datetime)
    )


def test_the_database_holds_no_code_and_no_secret(
    phone: str, code_of: CodeOf, settings: LazySettings
) -> None:
    send_code(phone, "reset_password")
    code = code_of(phone)
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "reset_password", "wrong")
    proof = exchange_code(phone, "reset_password", code)
    assert isinstance(proof, Proof)
    issue_pickup_code(phone, "D1001")
    pickup_code = code_of(phone)
    notify(phone, "shipped", SHIPPED, idempotency_key="my key")
    with pytest.raises(CodeIncorrect):
        redeem_pickup_code("wrong", order="D1001")
    assert (Message.objects.count(), DeliveryAttempt.objects.count()) == (3, 3)
    dump = _dump()
    assert phone in dump
    for secret in (code, pickup_code, proof.proof, settings.SECRET_KEY, "my key"):
        assert not tells(dump, secret)
    for secret in (RECEIPT_SECRET, SERVICE_KEY):
        assert secret not in dump


def test_a_code_is_in_no_row_before_it_is_sent_either(
    phone: str, code_of: CodeOf, waiting: Waiting
) -> None:
    send_code(phone, "login")
    issue_pickup_code(phone, "D1001")
    before = _dump()
    tasks.collect()
    code = code_of(phone)
    tasks.deliver([Message.objects.get(status="queued").pk.hex])
    for dump in (before, _dump()):
        assert not tells(dump, code)
        assert not tells(dump, code_of(phone))


def test_the_queue_holds_nothing_of_a_code(phone: str, waiting: Waiting) -> None:
    send_code(phone, "login")
    for task in map(json.loads, waiting("codes")):
        assert task["headers"]["task"] == "verifications.collect"
        assert json.loads(b64decode(task["body"]))[:2] == [[], {}]
        assert phone not in json.dumps(task)


def test_the_queue_holds_ids_alone(phone: str, waiting: Waiting) -> None:
    issue_pickup_code(phone, "D1001")
    notify([phone], "shipped", SHIPPED)
    tasks_waiting = [json.loads(raw) for raw in waiting("codes") + waiting("notices")]
    assert [task["headers"]["task"] for task in tasks_waiting] == ["verifications.deliver"] * 2
    bodies = [json.loads(b64decode(task["body"])) for task in tasks_waiting]
    kinds = ("pickup", "notice")
    ids = [Message.objects.get(kind=kind).pk.hex for kind in kinds]
    assert [arguments for arguments, *_ in bodies] == [[[id_]] for id_ in ids]
    for task, (_, keywords, _) in zip(tasks_waiting, bodies, strict=True):
        assert keywords == {}
        assert phone not in json.dumps(task)


def test_losing_the_secret_key_is_losing_the_codes(
    phone: str, code_of: CodeOf, settings: LazySettings, configure: Configure
) -> None:
    """What lies in the database is of no use to who has not the key."""
    issue_pickup_code(phone, "D1001")
    settings.SECRET_KEY = "another"
    with pytest.raises(CodeIncorrect):
        redeem_pickup_code(code_of(phone), order="D1001")
    assert PickupCode.objects.get().redeemed_at is None
