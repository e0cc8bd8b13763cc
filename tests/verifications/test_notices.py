"""notify(): to one phone or a thousand, each in its place, and after the commit."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from dadashop.celery import app
from tests.conftest import Configure
from tests.live import free_port
from tests.verifications.platforms import SHIPPED, Fake
from tests.waiting import Waiting
from verifications.exceptions import (
    CountryNotAllowed,
    InvalidPhone,
    InvalidRequest,
    Unavailable,
)
from verifications.models import Message
from verifications.providers import base
from verifications.services import notify

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

NewPhone = Callable[[], str]


def test_a_notice_goes_out(phone: str, first: Fake) -> None:
    (notice,) = notify(phone, "shipped", SHIPPED)
    (text,) = first.texts
    assert (text.phones, text.template, text.params) == ([f"+86{phone}"], "first shipped", SHIPPED)
    message = Message.objects.get()
    assert (str(message.pk), message.status, message.kind) == (notice.id, "sent", "notice")
    assert message.params == SHIPPED


def test_the_params_stand_in_the_order_of_the_template(phone: str, first: Fake) -> None:
    notify(phone, "shipped", dict(reversed(SHIPPED.items())))
    assert list(first.texts[0].params) == list(SHIPPED)


def test_a_thousand_phones_are_one_call_and_few_requests(first: Fake, new_phone: NewPhone) -> None:
    phones = [new_phone() for _ in range(1000)]
    notices = notify(phones, "shipped", SHIPPED)
    assert [notice.phone for notice in notices] == [f"+86{phone}" for phone in phones]
    assert {notice.status for notice in notices} == {"queued"}
    assert len({notice.id for notice in notices}) == 1000
    assert len(first.texts) == 5
    sent = [phone for text in first.texts for phone in text.phones]
    assert sorted(sent) == [notice.phone for notice in notices]
    assert len({text.request_id for text in first.texts}) == 5
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}


def test_bad_phones_are_told_in_their_place_and_the_others_go_out(
    first: Fake, new_phone: NewPhone
) -> None:
    good, other = new_phone(), new_phone()
    notices = notify([good, "12345", "+14155552671", other], "shipped", SHIPPED)
    assert [(one.status, one.code) for one in notices] == [
        ("queued", ""),
        ("failed", "invalid_phone"),
        ("failed", "country_not_allowed"),
        ("queued", ""),
    ]
    assert [one.id is None for one in notices] == [False, True, True, False]
    assert sorted(first.texts[0].phones) == [f"+86{good}", f"+86{other}"]


def test_a_phone_that_stands_twice_is_texted_once(first: Fake, phone: str) -> None:
    one, other = notify([phone, f"+86 {phone}"], "shipped", SHIPPED)
    assert one == other
    assert [text.phones for text in first.texts] == [[f"+86{phone}"]]


@pytest.mark.parametrize(
    ("phone", "refusal"), [("12345", InvalidPhone), ("+14155552671", CountryNotAllowed)]
)
def test_a_single_bad_phone_is_a_refusal(phone: str, refusal: type[Exception], first: Fake) -> None:
    with pytest.raises(refusal):
        notify(phone, "shipped", SHIPPED)
    assert not Message.objects.exists()


@pytest.mark.parametrize("count", [0, 1001])
def test_none_and_too_many_are_refused(count: int, first: Fake) -> None:
    with pytest.raises(InvalidRequest):
        notify(["13800138000"] * count, "shipped", SHIPPED)


@pytest.mark.parametrize(
    ("template", "params", "field"),
    [
        ("nothing", SHIPPED, "template"),
        ("default", {"code": "1", "minutes": "5"}, "template"),  # a code is not to be made up
        ("pickup_code", {"code": "1", "order": "1", "until": "1"}, "template"),
        ("shipped", {}, "params."),
        ("shipped", {**SHIPPED, "more": "x"}, "params.more"),
        ("shipped", {"order": "1", "company": "2"}, "params.number"),
        ("shipped", {**SHIPPED, "number": "x" * 501}, "params.number"),
        ("shipped", {**SHIPPED, "number": ""}, "params.number"),
        ("shipped", {**SHIPPED, "number": " "}, "params.number"),
        ("shipped", {**SHIPPED, "number": 1}, "params.number"),
        ("shipped", {**SHIPPED, "number": None}, "params.number"),
        ("shipped", {**SHIPPED, "number": "a\0b"}, "params.number"),
        ("shipped", {**SHIPPED, "number": "\ud83d"}, "params.number"),
    ],
)
def test_what_does_not_fill_the_template_is_refused(
    template: str, params: dict[str, Any], field: str, phone: str, first: Fake
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        notify(phone, template, params)
    (error,) = refusal.value.extras["errors"]
    assert error["field"].startswith(field)
    assert not Message.objects.exists()


@pytest.mark.parametrize("value", ["x", "x" * 500, "顺丰 🚚", "{1}", "a\nb", "%s"])
def test_any_text_of_500_characters_fills_it(value: str, phone: str, first: Fake) -> None:
    notify(phone, "shipped", {**SHIPPED, "company": value})
    assert first.texts[0].params["company"] == value


def test_nothing_goes_out_before_the_commit(phone: str, first: Fake) -> None:
    with transaction.atomic():
        notify(phone, "shipped", SHIPPED)
        assert not first.texts
    assert len(first.texts) == 1


def test_nothing_goes_out_after_a_rollback(phone: str, first: Fake) -> None:
    with transaction.atomic():
        notify(phone, "shipped", SHIPPED)
        transaction.set_rollback(True)
    assert not first.texts
    assert not Message.objects.exists()


def test_a_thousand_phones_are_a_few_tasks_of_the_queue_of_notices(
    first: Fake, new_phone: NewPhone, waiting: Waiting
) -> None:
    notify([new_phone() for _ in range(1000)], "shipped", SHIPPED)
    assert (len(waiting("notices")), len(waiting("codes"))) == (2, 0)


def test_what_the_queue_does_not_take_is_due_all_the_same(
    phone: str, first: Fake, waiting: Waiting
) -> None:
    app.conf.update(broker_url=f"redis://127.0.0.1:{free_port()}/0")
    (notice,) = notify(phone, "shipped", SHIPPED)
    assert notice.status == "queued"
    message = Message.objects.get()
    assert (message.status, message.claim) == ("queued", None)
    assert 0 < (message.due_at - timezone.now()).total_seconds() <= 300


def test_a_platform_in_trouble_is_no_news_for_the_caller(
    phone: str, first: Fake, second: Fake
) -> None:
    first.error = second.error = base.Unreachable("HTTP 500")
    (notice,) = notify(phone, "shipped", SHIPPED)
    assert notice.status == "queued"
    assert Message.objects.get().status == "queued"


def test_a_database_that_is_away_is_unavailable(phone: str, first: Fake) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse), pytest.raises(Unavailable):
        notify(phone, "shipped", SHIPPED)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-01-01T22:00+08:00", "2026-01-02T08:00+08:00"),
        ("2026-01-02T00:30+08:00", "2026-01-02T08:00+08:00"),
    ],
)
def test_in_the_quiet_hours_it_waits_for_the_morning(
    asked: str,
    due: str,
    phone: str,
    first: Fake,
    configure: Configure,
    at: Callable[[str], None],
) -> None:
    configure(QUIET_HOURS=["22:00", "08:00"], NOTICE_TTL=3600)
    at(asked)
    (notice,) = notify(phone, "shipped", SHIPPED)
    assert (notice.status, len(first.texts)) == ("queued", 0)
    message = Message.objects.get()
    assert (message.due_at, message.rounds) == (datetime.fromisoformat(due), 0)
    # It lives an hour from then, not from now.
    assert (message.expires_at - message.due_at).total_seconds() == 3600


def test_a_template_of_its_own_platforms_is_routed_so(
    phone: str, second: Fake, first: Fake, configure: Configure
) -> None:
    configure(ROUTES={"shipped": ["second"]})
    notify(phone, "shipped", SHIPPED)
    assert (len(first.texts), len(second.texts)) == (0, 1)


def test_countries_with_orders_of_their_own_are_asked_apart(
    phone: str, first: Fake, second: Fake, configure: Configure
) -> None:
    configure(ROUTES={"US": ["second"]}, ALLOWED_COUNTRIES=["CN", "US"])
    notify([phone, "+14155552671"], "shipped", SHIPPED)
    assert [text.phones for text in first.texts] == [[f"+86{phone}"]]
    assert [text.phones for text in second.texts] == [["+14155552671"]]
