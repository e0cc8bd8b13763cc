"""Idempotency-Key of POST /v1/notices: asked again, the same answer and no second text."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.verifications.http.conftest import Service
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit

PARAMS = {"order": "D1001", "company": "顺丰", "number": "SF1"}


def _shipped(service: Service, phones: list[str], key: str, **change: Any) -> Any:
    body = {"template": "shipped", "to": phones, "params": PARAMS | change}
    return service("/v1/notices", body, **{"Idempotency-Key": key})


def test_the_same_again_is_answered_the_same_and_not_sent(service: Service, phone: str) -> None:
    first = _shipped(service, [phone, "1"], "D1001-shipped")
    second = _shipped(service, [phone, "1"], "D1001-shipped")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 202
    assert len(locmem.outbox) == 1


def test_another_key_is_another_notice(service: Service, phone: str) -> None:
    ids = {_shipped(service, [phone], key).json()["messages"][0]["id"] for key in ("a", "A", "a ?")}
    assert len(ids) == len(locmem.outbox) == 3


def test_the_key_of_another_body_is_refused(service: Service, new_phone: Callable[[], str]) -> None:
    phone = new_phone()
    _shipped(service, [phone], "k")
    for answer in (
        _shipped(service, [new_phone()], "k"),
        _shipped(service, [phone, new_phone()], "k"),
        _shipped(service, [phone], "k", number="SF2"),
    ):
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == ["Idempotency-Key"]
    assert len(locmem.outbox) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_1_to_255_characters(key: str, service: Service, phone: str) -> None:
    answer = _shipped(service, [phone], key)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["Idempotency-Key"]
    assert not locmem.outbox


def test_the_longest_key(service: Service, phone: str) -> None:
    assert _shipped(service, [phone], "x" * 255).status_code == 202


def test_a_refused_request_uses_no_key_up(service: Service, phone: str) -> None:
    assert _shipped(service, [phone], "k", number="x" * 501).status_code == 400
    assert _shipped(service, [phone], "k").status_code == 202


def test_a_key_is_good_again_after_a_day(
    service: Service, phone: str, travel: Callable[[float], None]
) -> None:
    first = _shipped(service, [phone], "k").json()
    travel(86_399)
    assert _shipped(service, [phone], "k").json() == first
    travel(2)
    assert _shipped(service, [phone], "k").json() != first
    assert len(locmem.outbox) == 2
