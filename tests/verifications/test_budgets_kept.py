"""No platform is asked for a text that is not paid for: it waits, or its shopper is told."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from dadashop.caches import cache_of
from tests.conftest import Api, Configure
from tests.live import free_port
from tests.verifications.conftest import SetBudget
from tests.verifications.platforms import SHIPPED, Fake
from verifications import breakers, budgets, codes, delivery, outgoing
from verifications.exceptions import DeliveryFailed, RateLimited, Unavailable
from verifications.models import DeliveryAttempt, Message
from verifications.providers import SendError, Text, base
from verifications.services import send_code

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.redis]

At = Callable[[str], None]
NewPhone = Callable[[], str]
Queued = Callable[..., Message]
EXPENSIVE = {"first": "0.10", "second": "0.10"}


@pytest.fixture(autouse=True)
def _at_half_past_noon(at: At, configure: Configure, first: Fake) -> None:
    at("2026-01-02T12:30:00+08:00")
    configure(PRICES=EXPENSIVE)


def _spent(scope: str = "") -> str:
    return next(f"{one.spent:.2f}" for one in budgets.spent() if one.scope == scope)


def _tried() -> list[tuple[str, str, str]]:
    """(platform, outcome, code) of each try, in their order."""
    found = DeliveryAttempt.objects.order_by("started_at", "provider")
    return list(found.values_list("provider", "outcome", "code"))


def _sweep() -> None:
    call_command("sweep", stdout=io.StringIO())


def _statuses() -> list[str]:
    return sorted(Message.objects.values_list("status", flat=True))


def test_what_one_platform_may_not_spend_the_next_one_may(
    set_budget: SetBudget, first: Fake, second: Fake, new_phone: NewPhone
) -> None:
    set_budget("first", hourly="0.10")
    assert send_code(new_phone(), "login").status == "sent"
    for _ in range(6):  # more than failures open a breaker
        assert send_code(new_phone(), "login").status == "sent"
    assert (len(first.texts), len(second.texts)) == (1, 6)
    assert breakers.closed(["first"]) == {"first"}


def test_one_whose_budget_has_just_gone_is_tried_and_not_asked(
    set_budget: SetBudget, first: Fake, second: Fake, phone: str
) -> None:
    set_budget("first", hourly="0.10")
    assert budgets.wait(["first"]) == 0  # which is believed for a second
    budgets.take("first", 1)
    assert send_code(phone, "login").status == "sent"
    assert (len(first.texts), len(second.texts)) == (0, 1)
    tried = DeliveryAttempt.objects.get(provider="first")
    assert (tried.outcome, tried.code, tried.latency_ms) == ("unavailable", "budget", None)


def test_one_that_is_known_to_be_at_its_end_is_not_tried(
    set_budget: SetBudget, first: Fake, second: Fake, phone: str
) -> None:
    set_budget("first", hourly=0)
    assert send_code(phone, "login").status == "sent"
    assert _tried() == [("second", "sent", "")]


@pytest.mark.parametrize("passed_over", ["budget", "breaker"])
def test_what_the_others_decline_waits_for_the_one_passed_over(
    passed_over: str,
    set_budget: SetBudget,
    queued_notice: Queued,
    second: Fake,
    configure: Configure,
) -> None:
    if passed_over == "budget":
        set_budget("first", hourly=0)
    else:
        configure(BREAKER=[1, 60])
        breakers.report("first", ok=False)
    second.error = base.Declined("160021")
    delivery.deliver([queued_notice().pk])
    assert (_statuses(), len(second.texts)) == (["queued"], 1)


def test_over_everyones_budget_a_code_is_refused_and_costs_nothing(
    set_budget: SetBudget, first: Fake, second: Fake, api: Api, new_phone: NewPhone
) -> None:
    set_budget("", hourly="0.10")
    assert api.send(new_phone()).status_code == 202
    phone = new_phone()
    refused = api.send(phone)
    assert (refused.status_code, refused["Retry-After"]) == (429, "1800")
    told = refused.json()
    assert (told["code"], told["limit"], told["retry_after"]) == ("rate_limited", "global", 1800)
    assert (len(first.texts), len(second.texts)) == (1, 0)
    set_budget("", hourly="0.20")
    assert api.send(phone).status_code == 202  # at once: there is no cooldown


def _refusal(phone: str) -> BaseException:
    """Of a code whose turn comes after the door was passed."""
    challenge = codes.new_challenge(phone, "login", 6).text
    message = outgoing.new(
        Message.Kind.CODE, phone, "login", {"minutes": "5"}, challenge=challenge, life=300
    )
    with pytest.raises((DeliveryFailed, RateLimited, Unavailable)) as refusal:
        delivery.deliver_now(message)
    assert Message.objects.get(pk=message.pk).status == "failed"
    return refusal.value


def test_the_wait_is_that_for_the_first_platform_that_may_spend_again(
    set_budget: SetBudget, phone: str, first: Fake, second: Fake
) -> None:
    set_budget("first", daily=0)
    set_budget("second", hourly=0)
    refusal = _refusal(f"+86{phone}")
    assert isinstance(refusal, RateLimited)
    assert refusal.retry_after == 1800
    assert not first.texts + second.texts


def test_one_that_may_not_spend_and_one_out_of_reach_are_unavailable(
    set_budget: SetBudget, phone: str, second: Fake
) -> None:
    set_budget("first", daily=0)
    second.error = base.Unreachable("HTTP 500")
    assert isinstance(_refusal(f"+86{phone}"), Unavailable)


def test_one_that_may_not_spend_and_one_that_refuses_are_a_failed_delivery(
    set_budget: SetBudget, phone: str, second: Fake
) -> None:
    set_budget("first", daily=0)
    second.error = base.Unavailable("160014")
    assert isinstance(_refusal(f"+86{phone}"), DeliveryFailed)


@pytest.mark.parametrize(
    ("error", "spent"),
    [
        (None, "0.30"),
        (base.Uncertain("ReadTimeout"), "0.30"),
        (base.Duplicate("160054"), "0.30"),
        (base.Rejected("160042"), "0.00"),
        (base.Unavailable("160014"), "0.00"),
        (base.Declined("160021"), "0.00"),
        (base.Throttled("429"), "0.00"),
        (base.Unreachable("ConnectTimeout"), "0.00"),
    ],
)
def test_what_was_surely_not_taken_is_given_back(
    error: SendError | None,
    spent: str,
    set_budget: SetBudget,
    queued_notice: Queued,
    first: Fake,
    configure: Configure,
) -> None:
    configure(PROVIDER_ORDER=["first"])
    set_budget("", hourly=1)
    first.error = error
    delivery.deliver([queued_notice().pk for _ in range(3)])
    assert _spent() == spent


def test_of_one_request_each_phone_is_paid_for_itself(
    set_budget: SetBudget, queued_notice: Queued, first: Fake
) -> None:
    set_budget("", hourly=1)
    messages = [queued_notice() for _ in range(5)]
    first.of_phone = {messages[1].phone: base.Rejected("160042")}
    delivery.deliver([message.pk for message in messages])
    assert _spent() == "0.40"


def test_a_long_text_costs_its_parts(
    set_budget: SetBudget, queued_notice: Queued, settings: LazySettings, configure: Configure
) -> None:
    templates = settings.VERIFICATIONS["TEMPLATES"]
    configure(TEMPLATES={**templates, "shipped": {**templates["shipped"], "SEGMENTS": 3}})
    set_budget("", hourly=1)
    delivery.deliver([queued_notice().pk, queued_notice().pk])
    assert _spent() == "0.60"


def test_of_many_as_many_go_out_as_are_paid_for_and_the_rest_later(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, second: Fake, at: At
) -> None:
    set_budget("", hourly="0.30")
    messages = [queued_notice() for _ in range(5)]
    delivery.deliver([message.pk for message in messages])
    assert [len(text.phones) for text in first.texts + second.texts] == [3]
    assert _statuses() == ["queued"] * 2 + ["sent"] * 3
    at("2026-01-02T13:00:00+08:00")
    _sweep()
    assert _statuses() == ["sent"] * 5
    texted = [phone for text in first.texts for phone in text.phones]
    assert sorted(texted) == sorted(message.phone for message in messages)


def test_the_rest_goes_to_a_platform_that_may_spend(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, second: Fake
) -> None:
    set_budget("first", hourly="0.30")
    delivery.deliver([queued_notice().pk for _ in range(5)])
    assert [len(text.phones) for text in (*first.texts, *second.texts)] == [3, 2]
    assert _statuses() == ["sent"] * 5


def test_the_rest_of_a_request_that_failed_hides_no_fault(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, configure: Configure
) -> None:
    configure(BREAKER=[1, 60])
    set_budget("first", hourly="0.30")
    first.error = base.Unreachable("HTTP 500")
    delivery.deliver([queued_notice().pk for _ in range(5)])
    assert breakers.closed(["first"]) == set()
    assert _statuses() == ["sent"] * 5


def test_a_notice_waits_without_a_try_and_goes_out_when_the_budget_is_raised(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, at: At
) -> None:
    set_budget("", daily=0)
    message = queued_notice()
    delivery.deliver([message.pk])
    for minutes in (31, 36, 41):
        at(f"2026-01-02T12:{minutes}:00+08:00")
        _sweep()
    message.refresh_from_db()
    assert (message.status, message.reason) == ("queued", "budget")
    assert not DeliveryAttempt.objects.exists()
    set_budget("", daily=1)
    at("2026-01-02T12:46:01+08:00")
    _sweep()
    message.refresh_from_db()
    assert (message.status, message.reason, len(first.texts)) == ("sent", "", 1)


def test_it_waits_no_longer_than_to_the_end_of_the_hour(
    set_budget: SetBudget, queued_notice: Queued, at: At
) -> None:
    set_budget("", hourly="0.10")
    at("2026-01-02T12:59:00+08:00")
    delivery.deliver([queued_notice().pk, queued_notice(params={**SHIPPED, "order": "D2"}).pk])
    delivery.deliver(Message.objects.values_list("pk", flat=True))
    assert _statuses() == ["queued", "sent"]
    at("2026-01-02T13:00:00+08:00")
    _sweep()
    assert _statuses() == ["sent", "sent"]


def test_what_waits_too_long_expires(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, at: At
) -> None:
    set_budget("", daily=0)
    delivery.deliver([queued_notice().pk])
    at("2026-01-02T13:30:00+08:00")
    _sweep()
    assert _statuses() == ["expired"]
    assert not first.texts


def test_a_queued_code_waits_as_well(
    set_budget: SetBudget, queued_code: Callable[[], Message], first: Fake, second: Fake
) -> None:
    message = queued_code()
    set_budget("first", daily=0)
    set_budget("second", daily=0)
    delivery.deliver([message.pk])
    assert (_statuses(), first.texts + second.texts) == (["queued"], [])
    set_budget("second", daily=1)
    delivery.deliver([message.pk])
    assert (_statuses(), len(second.texts)) == (["sent"], 1)


def test_a_template_that_is_gone_does_not_wait_for_money(
    set_budget: SetBudget, queued_notice: Queued
) -> None:
    set_budget("", daily=0)
    message = queued_notice(template="gone")
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert (message.status, message.reason) == ("failed", "no template")


def test_a_text_that_is_sent_to_nobody_needs_no_money(
    set_budget: SetBudget, queued_notice: Queued, first: Fake
) -> None:
    set_budget("", daily="0.05")
    message = queued_notice(withheld=Message.Withheld.TEST_NUMBER)
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert message.status == "sent"
    assert (first.texts, _spent()) == ([], "0.00")


@pytest.fixture
def in_doubt(queued_notice: Queued, first: Fake) -> list[Message]:
    """Three notices of one request whose platform fell silent, but would see a repetition."""
    first.error, first.repeatable = base.Uncertain("ReadTimeout"), True
    messages = [queued_notice() for _ in range(3)]
    delivery.deliver([message.pk for message in messages])
    first.texts.clear()
    return messages


def test_a_repetition_is_paid_again_whole_or_waits(
    set_budget: SetBudget, in_doubt: list[Message], first: Fake, at: At
) -> None:
    first.error = None
    set_budget("", hourly="0.25")
    at("2026-01-02T12:31:00+08:00")
    _sweep()
    assert (first.texts, _statuses(), _spent()) == ([], ["queued"] * 3, "0.00")
    set_budget("", hourly="0.30")
    at("2026-01-02T12:37:00+08:00")
    _sweep()
    assert (len(first.texts), _statuses(), _spent()) == (1, ["sent"] * 3, "0.30")


def test_a_repetition_that_its_platform_had_taken_costs_nothing(
    set_budget: SetBudget, in_doubt: list[Message], first: Fake, at: At
) -> None:
    first.error = base.Duplicate("160054")
    set_budget("", hourly=1)
    at("2026-01-02T12:31:00+08:00")
    _sweep()
    assert (len(first.texts), _statuses(), _spent()) == (1, ["sent"] * 3, "0.00")


@pytest.fixture
def without_redis(settings: LazySettings, configure: Configure, tmp_path: Path) -> None:
    away = cache_of(f"redis://127.0.0.1:{free_port()}/0", tmp_path)
    settings.CACHES = {**settings.CACHES, str(tmp_path): away}
    configure(REDIS_ALIAS=str(tmp_path))


def test_a_budget_that_cannot_be_asked_is_not_spent_from(
    set_budget: SetBudget, queued_notice: Queued, phone: str, first: Fake, without_redis: None
) -> None:
    message = queued_notice()
    set_budget("", daily=100)
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert (message.status, message.reason) == ("queued", "redis")
    assert isinstance(_refusal(f"+86{phone}"), Unavailable)
    assert _tried() == [
        ("first", "unavailable", "no_budget"),
        ("second", "unavailable", "no_budget"),
    ]
    assert not first.texts


def test_where_none_is_set_notices_need_no_redis(
    queued_notice: Queued, first: Fake, without_redis: None
) -> None:
    delivery.deliver([queued_notice().pk])
    assert len(first.texts) == 1


def test_what_cannot_be_given_back_stays_spent(
    set_budget: SetBudget, queued_notice: Queued, first: Fake, request: pytest.FixtureRequest
) -> None:
    set_budget("", daily=1)

    def lose_redis(text: Text) -> None:
        request.getfixturevalue("without_redis")
        raise base.Rejected("160042")

    first.meanwhile = lose_redis
    delivery.deliver([queued_notice().pk])
    assert _statuses() == ["failed"]


def test_what_is_not_asked_is_logged_without_the_phone(
    set_budget: SetBudget, phone: str, caplog: pytest.LogCaptureFixture
) -> None:
    set_budget("", daily=0)
    _refusal(f"+86{phone}")
    assert "first: not asked for 1 of 1: budget" in caplog.messages
    assert phone not in caplog.text
