"""A text of its own for each phone, many in one call."""

from collections.abc import Callable

import pytest

from tests.conftest import Configure
from verifications.exceptions import InvalidRequest
from verifications.models import Message
from verifications.providers import locmem
from verifications.services import notify_each

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _by_day(configure: Configure) -> None:
    configure(QUIET_HOURS=None)


def _params(number: str) -> dict[str, str]:
    return {"order": "D1", "company": "顺丰", "number": number}


def test_each_phone_reads_its_own_words(new_phone: Callable[[], str]) -> None:
    phones = [new_phone() for _ in range(3)]
    told = notify_each("shipped", [(phone, _params(f"SF{phone}")) for phone in phones])
    assert [one.phone for one in told] == [f"+86{phone}" for phone in phones]
    read = {text.phones[0]: text.params["number"] for text in locmem.outbox}
    assert read == {f"+86{phone}": f"SF{phone}" for phone in phones}


def test_a_bad_phone_is_told_in_its_place(phone: str) -> None:
    told = notify_each("shipped", [("123", _params("1")), (phone, _params("2"))])
    assert [(one.status, one.code) for one in told] == [
        ("failed", "invalid_phone"),
        ("queued", ""),
    ]
    assert Message.objects.count() == 1


def test_a_phone_reads_the_same_words_once_and_other_words_too(phone: str) -> None:
    rows = [(phone, _params("1")), (f"+86 {phone}", _params("1")), (phone, _params("2"))]
    first, again, other = notify_each("shipped", rows)
    assert first.id == again.id != other.id
    assert sorted(text.params["number"] for text in locmem.outbox) == ["1", "2"]


def test_wrong_parameters_in_one_row_refuse_the_call(phone: str) -> None:
    with pytest.raises(InvalidRequest):
        notify_each("shipped", [(phone, _params("1")), (phone, {"order": "D1"})])
    assert not Message.objects.exists()


@pytest.mark.parametrize("count", [0, 1001])
def test_one_to_a_thousand_rows(count: int, phone: str) -> None:
    with pytest.raises(InvalidRequest):
        notify_each("shipped", [(phone, _params("1"))] * count)
