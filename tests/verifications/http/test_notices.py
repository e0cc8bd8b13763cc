"""POST /v1/notices: what goes out, and what the caller is told."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.verifications.http.conftest import Service
from verifications.models import Message
from verifications.providers import locmem

pytestmark = pytest.mark.django_db(transaction=True)  # texts leave after the commit

PARAMS = {"order": "D1001", "company": "顺丰", "number": "SF1"}


def _shipped(service: Service, *phones: str) -> Any:
    return service("/v1/notices", {"template": "shipped", "to": phones, "params": PARAMS})


def test_a_notice_to_one_phone(service: Service, phone: str) -> None:
    answer = _shipped(service, phone)
    assert answer.status_code == 202
    assert answer["Cache-Control"] == "no-store"
    (told,) = answer.json()["messages"]
    message = Message.objects.get()
    assert told == {
        "id": str(message.pk),
        "phone": f"+86{phone}",
        "status": "queued",
    }
    (text,) = locmem.outbox
    assert (text.phones, text.params) == ([f"+86{phone}"], PARAMS)
    assert message.status == "sent"


def test_bad_phones_stand_in_their_place_and_the_good_ones_are_texted(
    service: Service, new_phone: Callable[[], str]
) -> None:
    first, last = new_phone(), new_phone()
    answer = _shipped(service, first, "12345", "+14155552671", "", last)
    assert answer.status_code == 202
    told = answer.json()["messages"]
    assert [one["status"] for one in told] == ["queued", "failed", "failed", "failed", "queued"]
    assert [one.get("code") for one in told] == [
        *(None, "invalid_phone", "country_not_allowed", "invalid_phone", None)
    ]
    for one in told:
        refused = one["status"] == "failed"
        assert one.keys() == {"id", "phone", "status"} | ({"code"} if refused else set())
        assert (one["id"] is None) == refused
    texted = [phone for text in locmem.outbox for phone in text.phones]
    assert sorted(texted) == [f"+86{first}", f"+86{last}"]


def test_only_bad_phones_are_still_told_one_by_one(service: Service) -> None:
    answer = _shipped(service, "1", "2")
    assert answer.status_code == 202
    assert [one["code"] for one in answer.json()["messages"]] == ["invalid_phone"] * 2
    assert not locmem.outbox


def test_a_refused_phone_is_told_as_it_was_given(service: Service) -> None:
    told = _shipped(service, "+14155552671", "x" * 5000).json()["messages"]
    assert [one["phone"] for one in told] == ["+14155552671", "x" * 32]


def test_a_phone_that_stands_twice_is_texted_once(service: Service, phone: str) -> None:
    told = _shipped(service, phone, f"+86 {phone}").json()["messages"]
    assert told[0] == told[1]
    assert [text.phones for text in locmem.outbox] == [[f"+86{phone}"]]


def test_a_thousand_phones(service: Service, new_phone: Callable[[], str]) -> None:
    phones = [new_phone() for _ in range(1000)]
    told = _shipped(service, *phones).json()["messages"]
    assert len({one["id"] for one in told}) == 1000
    assert [one["phone"][-4:] for one in told] == [phone[-4:] for phone in phones]
    assert sorted(phone for text in locmem.outbox for phone in text.phones) == sorted(
        f"+86{phone}" for phone in phones
    )


@pytest.mark.parametrize("count", [0, 1001])
def test_no_phone_or_more_than_a_thousand_is_refused(count: int, service: Service) -> None:
    answer = _shipped(service, *["13800138000"] * count)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["to"]
    assert not Message.objects.exists()
