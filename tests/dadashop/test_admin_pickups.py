"""提货码 in the admin: found by order or phone, each state told, the code itself nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.dadashop import operators
from tests.dadashop.operators import PICKUPS
from tests.dadashop.texts import MASKED, PHONE
from verifications.models import Message, PickupCode
from verifications.providers import locmem
from verifications.services import issue_pickup_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def codes() -> dict[str, PickupCode]:
    now = timezone.now()
    states: dict[str, dict[str, Any]] = {
        "live": {},
        "redeemed": {"redeemed_at": now},
        "cancelled": {"cancelled_at": now},
        "expired": {"expires_at": now - timedelta(seconds=1)},
    }
    for number, (state, changed) in enumerate(states.items()):
        issue_pickup_code(f"1380013800{number}", f"D-{state}")
        PickupCode.objects.filter(order=f"D-{state}").update(**changed)
    return {code.order.removeprefix("D-"): code for code in PickupCode.objects.all()}


def _rows(page: Any) -> list[PickupCode]:
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def test_the_list_and_the_pages_hold_no_code(
    operator: Client, codes: dict[str, PickupCode]
) -> None:
    pages = [operator.get(PICKUPS).content.decode()]
    pages += [
        operator.get(f"{PICKUPS}{code.pk}/change/").content.decode() for code in codes.values()
    ]
    for page in pages:
        for sent, code in zip(locmem.outbox, codes.values(), strict=True):
            assert sent.params["code"] not in page
            assert code.challenge not in page
            assert code.phone not in page
    assert all(f"D-{state}" in pages[0] for state in codes)
    assert MASKED in pages[0]


@pytest.mark.parametrize(
    ("state", "words"),
    [("live", "待提货"), ("redeemed", "已提货"), ("cancelled", "已取消"), ("expired", "已过期")],
)
def test_a_state(state: str, words: str, operator: Client, codes: dict[str, PickupCode]) -> None:
    assert _rows(operator.get(f"{PICKUPS}?state={state}")) == [codes[state]]
    page = operator.get(f"{PICKUPS}{codes[state].pk}/change/").content.decode()
    assert f">{words}</span>" in page
    assert ('value="cancel"' in page) == (state == "live")


@pytest.mark.parametrize("typed", [PHONE, "138 0013 8000", "D-live", " D-live "])
def test_a_search(typed: str, operator: Client, codes: dict[str, PickupCode]) -> None:
    answer = operator.post(PICKUPS, {"q": typed})
    assert "8000" not in answer["Location"]
    assert _rows(operator.get(PICKUPS + answer["Location"])) == [codes["live"]]


@pytest.mark.parametrize("typed", ["D-", "1380013", "nothing"])
def test_a_search_for_a_part(typed: str, operator: Client, codes: dict[str, PickupCode]) -> None:
    answer = operator.post(PICKUPS, {"q": typed})
    assert _rows(operator.get(PICKUPS + answer["Location"])) == []


def test_its_texts_are_for_those_who_may_read_them(client: Client) -> None:
    issue_pickup_code(PHONE, "D1001")
    url = f"{PICKUPS}{PickupCode.objects.get().pk}/change/"
    text = str(Message.objects.get().pk)
    client.force_login(operators.staff("one", "view_pickupcode"))
    assert text not in client.get(url).content.decode()
    client.force_login(operators.staff("other", "view_pickupcode", "view_message"))
    assert text in client.get(url).content.decode()


def test_no_url_asks_for_a_phone(operator: Client) -> None:
    assert operator.get(f"{PICKUPS}?phone__startswith=%2B86138").status_code == 400
