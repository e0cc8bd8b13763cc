"""No platform is asked for a text that is not paid for: two platforms, at half past noon."""

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command

from tests.conftest import Configure, Use
from tests.live import free_port
from tests.verifications.platforms import Fake
from verifications import budgets, codes, delivery, outgoing
from verifications.exceptions import DeliveryFailed, RateLimited, Unavailable
from verifications.models import DeliveryAttempt, Message

At = Callable[[str], None]
NewPhone = Callable[[], str]
Queued = Callable[..., Message]


@pytest.fixture(autouse=True)
def _at_half_past_noon(at: At, configure: Configure, first: Fake) -> None:
    at("2026-01-02T12:30:00+08:00")
    configure(PRICES={"first": "0.10", "second": "0.10"})


def spent(scope: str = "") -> str:
    return next(f"{one.spent:.2f}" for one in budgets.spent() if one.scope == scope)


def tried() -> list[tuple[str, str, str]]:
    """(platform, outcome, code) of each try, in their order."""
    found = DeliveryAttempt.objects.order_by("started_at", "provider")
    return list(found.values_list("provider", "outcome", "code"))


def sweep() -> None:
    call_command("sweep", stdout=io.StringIO())


def statuses() -> list[str]:
    return sorted(Message.objects.values_list("status", flat=True))


def refusal_of(phone: str) -> BaseException:
    """Of a code whose turn comes after the door was passed."""
    challenge = codes.new_challenge(phone, "login", 6).text
    message = outgoing.new(
        Message.Kind.CODE, phone, "login", {"minutes": "5"}, challenge=challenge, life=300
    )
    with pytest.raises((DeliveryFailed, RateLimited, Unavailable)) as refusal:
        delivery.deliver_now(message)
    assert Message.objects.get(pk=message.pk).status == "failed"
    return refusal.value


@pytest.fixture
def without_redis(use: Use) -> None:
    use(f"redis://127.0.0.1:{free_port()}/0")
