"""提货码: texted, texted again, redeemed once, cancelled."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests.conftest import Configure, wrong
from tests.verifications.platforms import Fake
from tests.waiting import Waiting
from verifications.exceptions import (
    CodeExpired,
    CodeIncorrect,
    Cooldown,
    CountryNotAllowed,
    InvalidPhone,
    InvalidRequest,
)
from verifications.models import Message, PickupCode
from verifications.services import (
    cancel_pickup_code,
    issue_pickup_code,
    redeem_pickup_code,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

Travel = Callable[[float], None]
Issue = Callable[..., str]
WEEK = 7 * 86_400


def test_a_code_is_texted_with_its_order_and_its_end(
    issue: Issue, phone: str, first: Fake, at: Callable[[str], None]
) -> None:
    at("2026-03-05T01:07+00:00")
    code = issue()
    (text,) = first.texts
    assert text.phones == [f"+86{phone}"]
    assert list(text.params.items()) == [
        ("code", code),
        ("order", "D1001"),
        ("until", "3月12日09:07"),
    ]
    assert len(code) == 6
    assert (Message.objects.get().kind, Message.objects.get().status) == ("pickup", "sent")


def test_it_is_redeemed_once_with_the_order(issue: Issue, phone: str) -> None:
    code = issue()
    pickup = redeem_pickup_code(code, order="D1001")
    assert (pickup.order, pickup.phone) == ("D1001", f"+86{phone}")
    assert pickup.redeemed_at
    assert PickupCode.objects.get().redeemed_at == pickup.redeemed_at
    with pytest.raises(CodeExpired):
        redeem_pickup_code(code, order="D1001")


def test_or_with_the_phone(issue: Issue, phone: str) -> None:
    assert redeem_pickup_code(f" {issue()} ", phone=f"+86 {phone}").order == "D1001"


def test_of_several_orders_of_a_phone_the_code_tells_which(
    issue: Issue, phone: str, new_phone: Callable[[], str]
) -> None:
    orders = {order: issue(order) for order in ("D1", "D2", "D3")}
    issue("D4", to=new_phone())
    assert len(set(orders.values())) == 3
    assert redeem_pickup_code(orders["D2"], phone=phone).order == "D2"
    assert redeem_pickup_code(orders["D3"], phone=phone).order == "D3"
    with pytest.raises(CodeIncorrect):
        redeem_pickup_code(orders["D2"], phone=phone)
    assert redeem_pickup_code(orders["D1"], order="D1").order == "D1"
    with pytest.raises(CodeExpired):
        redeem_pickup_code(orders["D1"], phone=phone)


def test_asked_for_again_it_is_the_same_code_with_the_same_end(
    issue: Issue, phone: str, travel: Travel
) -> None:
    code, before = issue(), PickupCode.objects.get()
    travel(86_400)
    assert issue() == code
    after = PickupCode.objects.get()
    assert (after.expires_at, after.challenge) == (before.expires_at, before.challenge)
    first_text, second_text = Message.objects.order_by("created_at")
    assert first_text.params == second_text.params
    assert redeem_pickup_code(code, order="D1001")


def test_it_is_texted_at_most_once_in_the_interval(issue: Issue, travel: Travel) -> None:
    issue()
    with pytest.raises(Cooldown) as refusal:
        issue()
    assert 58 < (refusal.value.retry_after or 0) <= 60
    travel(60)
    issue()


def test_it_lives_a_week_and_no_longer(
    issue: Issue, at: Callable[[str], None], configure: Configure
) -> None:
    at("2026-03-05T09:00+08:00")
    code = issue()
    at("2026-03-12T08:59:59+08:00")
    with pytest.raises(CodeIncorrect):
        redeem_pickup_code(wrong(code), order="D1001")
    at("2026-03-12T09:00+08:00")
    with pytest.raises(CodeExpired):
        redeem_pickup_code(code, order="D1001")


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_after_its_end_a_new_one_is_made_for_whoever_asks(
    end: str, issue: Issue, travel: Travel, new_phone: Callable[[], str]
) -> None:
    old = issue()
    if end == "cancelled":
        cancel_pickup_code("D1001")
    else:
        travel(WEEK)
    other = new_phone()
    new = issue(to=other)
    assert new != old
    assert PickupCode.objects.count() == 1
    with pytest.raises(CodeIncorrect):
        redeem_pickup_code(old, order="D1001")
    assert redeem_pickup_code(new, order="D1001").phone == f"+86{other}"


def test_a_cancelled_one_opens_nothing(issue: Issue) -> None:
    code = issue()
    cancel_pickup_code("D1001")
    with pytest.raises(CodeExpired):
        redeem_pickup_code(code, order="D1001")
    with pytest.raises(CodeExpired):
        cancel_pickup_code("D1001")


def test_a_text_that_is_not_sent_yet_is_cancelled_with_its_code(
    issue: Issue, phone: str, first: Fake, waiting: Waiting
) -> None:
    issue_pickup_code(phone, "D1001")
    issue_pickup_code(phone, "D1002")
    cancel_pickup_code("D1001")
    found = Message.objects.order_by("created_at").values_list("status", "reason")
    assert list(found) == [("failed", "cancelled"), ("queued", "")]


def test_a_text_that_is_just_being_sent_is_sent(issue: Issue, first: Fake) -> None:
    first.meanwhile = lambda text: cancel_pickup_code("D1001")
    code = issue()
    assert Message.objects.get().status == "sent"
    with pytest.raises(CodeExpired):
        redeem_pickup_code(code, order="D1001")


def test_an_order_is_of_one_phone_and_picked_up_once(
    issue: Issue, new_phone: Callable[[], str], travel: Travel
) -> None:
    code = issue()
    travel(61)
    with pytest.raises(InvalidRequest):
        issue(to=new_phone())
    redeem_pickup_code(code, order="D1001")
    for again in (lambda: issue(), lambda: cancel_pickup_code("D1001")):
        with pytest.raises((InvalidRequest, CodeExpired)):
            again()


def test_bad_input_makes_nothing(phone: str, first: Fake) -> None:
    for order in ("", "x" * 65, "a\nb", "\0", "\u202e1"):
        with pytest.raises(InvalidRequest):
            issue_pickup_code(phone, order)
    with pytest.raises(InvalidPhone):
        issue_pickup_code("12345", "D1001")
    with pytest.raises(CountryNotAllowed):
        issue_pickup_code("+14155552671", "D1001")
    for of in ({}, {"order": "D1001", "phone": phone}):
        with pytest.raises(InvalidRequest):
            redeem_pickup_code("123456", **of)
    with pytest.raises(InvalidPhone):
        redeem_pickup_code("123456", phone="12345")
    for order in ("D1001", "\0", "\ud83d", "x" * 1000):
        with pytest.raises(CodeExpired):
            redeem_pickup_code("123456", order=order)
        with pytest.raises(CodeExpired):
            cancel_pickup_code(order)
    assert not PickupCode.objects.exists()


def test_orders_that_differ_by_case_are_two_or_the_second_is_refused(issue: Issue) -> None:
    code = issue("d1")
    if connection.vendor == "mysql":  # whose index sees no case
        with pytest.raises(Cooldown):
            issue("D1")
    else:
        assert redeem_pickup_code(issue("D1"), order="D1").order == "D1"
    assert redeem_pickup_code(code, order="d1").order == "d1"
