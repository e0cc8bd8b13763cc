"""Which texts count as unverified, and for how long."""

from collections.abc import Callable

import pytest

from tests.conftest import Configure
from tests.verifications.guard.conftest import HERE, NewPhone, Travel, refusal_of, send
from verifications.exceptions import (
    DeliveryFailed,
    RateLimited,
    Unavailable,
    VerificationError,
)
from verifications.providers import base, locmem
from verifications.services import send_code

pytestmark = pytest.mark.redis


def test_what_was_asked_for_is_forgotten_after_the_window(apart: NewPhone, travel: Travel) -> None:
    send(apart, 6)
    travel(3600 * 13 / 12)
    send(apart, 6)
    assert len(locmem.outbox) == 12


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[base.SendError], None]:
    def fail(error: base.SendError) -> None:
        def answer(_self: object, _text: object) -> None:
            raise error

        monkeypatch.setattr(locmem.LocMem, "send", answer)

    return fail


def test_numbers_that_platforms_refuse_count_as_unverified(
    apart: NewPhone, failing: Callable[[base.SendError], None]
) -> None:
    """Their quotas are given back, so it is the guard that ends a script's guessing at numbers."""
    failing(base.Rejected("160042"))
    for _ in range(6):
        assert isinstance(refusal_of(apart), DeliveryFailed)
    assert isinstance(refusal_of(apart), RateLimited)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (base.Unreachable("HTTP 500"), Unavailable),
        (base.Unavailable("112310"), DeliveryFailed),  # the account's money is spent
    ],
)
def test_an_outage_is_nobodys_fault(
    error: base.SendError,
    refusal: type[VerificationError],
    apart: NewPhone,
    failing: Callable[[base.SendError], None],
    configure: Configure,
) -> None:
    configure(BREAKER=[1000, 1])
    failing(error)
    for _ in range(20):
        assert isinstance(refusal_of(apart), refusal)


def test_a_refused_send_is_not_counted_by_the_guard(apart: NewPhone) -> None:
    phone = apart()
    send_code(phone, "login", ip=HERE)
    for _ in range(10):
        with pytest.raises(VerificationError):
            send_code(phone, "login", ip=HERE)
    send(apart, 5)
    assert isinstance(refusal_of(apart), RateLimited)
