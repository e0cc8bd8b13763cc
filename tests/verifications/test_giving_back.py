"""When no platform took the text, everything is given back; when one may have, nothing is."""

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from tests.conftest import Configure, wrong
from tests.verifications import kept
from tests.verifications.platforms import Fake
from verifications import codes, delivery, exceptions, ledger, records, store
from verifications.models import Message
from verifications.providers import SendError, Text, base
from verifications.services import look_up_code, send_code, verify_code

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
Failing = Callable[[SendError | None], None]


@pytest.fixture
def failing(first: Fake, second: Fake) -> Failing:
    """failing(error): from now on every platform answers that."""

    def fail(error: SendError | None) -> None:
        first.error = second.error = error

    return fail


def _quotas(raw: bytes) -> list[list[int]]:
    """What is counted; the guard's two rings are tested with the guard."""
    return [counts for _, *counts in kept.rings(raw)[2:]]


def _snapshot(redis: Any) -> dict[bytes, object]:
    """All that Redis holds of codes, sends and quotas; emptied counters count as none."""
    found: dict[bytes, object] = {}
    for key in redis.scan_iter("*"):
        if b"}breakers:" in key:
            continue  # what a platform did is not taken back
        if b"+" in key:
            found[key] = kept.fields(redis, key)
        elif any(map(any, _quotas(redis.get(key)))):
            found[key] = _quotas(redis.get(key))
    return found


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (base.Rejected("160042"), exceptions.DeliveryFailed),
        (base.Unavailable("160014"), exceptions.DeliveryFailed),
        (base.Unreachable("ConnectTimeout"), exceptions.Unavailable),
    ],
)
def test_what_no_platform_took_leaves_no_trace(
    error: SendError,
    refusal: type[Exception],
    phone: str,
    failing: Failing,
    redis: Redis,
) -> None:
    failing(error)
    with pytest.raises(refusal):
        send_code(phone, "login", ip="203.0.113.7")
    assert _snapshot(redis) == {}


def test_a_live_code_is_as_it_was_before_a_failed_resend(
    phone: str,
    travel: Travel,
    failing: Failing,
    first: Fake,
    redis: Redis,
) -> None:
    send_code(phone, "login")
    code = first.texts[-1].params["code"]
    with pytest.raises(exceptions.CodeIncorrect):
        verify_code(phone, "login", wrong(code))
    before = _snapshot(redis)
    travel(60)
    failing(base.Unavailable("160014"))
    with pytest.raises(exceptions.DeliveryFailed):
        send_code(phone, "login")
    for key in before:
        if b"+" in key:  # the phone's; the counters of all others have moved on with the time
            assert _snapshot(redis)[key] == before[key]
    assert verify_code(phone, "login", code)


def test_what_is_given_back_late_leaves_no_trace_either(
    phone: str, travel: Travel, redis: Redis
) -> None:
    book, slot = ledger.of_send(f"+86{phone}", "203.0.113.7", spare=False), codes.slot("login")
    offer = codes.new_challenge(phone, slot, 6)
    taken, _ = store.issue(book, slot, marks=codes.marks(), offer=offer)
    assert isinstance(taken, records.Reservation)
    travel(1800)  # six twelfths of an hour
    store.cancel(taken, suspect=False)
    assert _snapshot(redis) == {}
    for key in redis.scan_iter("*"):
        raw: Any = redis.get(key)
        assert not any(any(counts) for _, *counts in kept.rings(raw))


def test_after_a_failure_the_next_send_passes_at_once(phone: str, failing: Failing) -> None:
    failing(base.Unavailable("160014"))
    for _ in range(12):  # more than any limit of the phone
        with pytest.raises(exceptions.DeliveryFailed):
            send_code(phone, "login")
    failing(None)
    assert send_code(phone, "login").status == "sent"


def test_nothing_is_given_back_twice(
    new_phone: Callable[[], str],
    failing: Failing,
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(GLOBAL_LIMITS=[[2, 3600]])
    send_code(new_phone(), "login")
    cancel = store.cancel

    def twice(taken: records.Reservation, *, suspect: bool) -> None:
        cancel(taken, suspect=suspect)
        cancel(taken, suspect=suspect)

    monkeypatch.setattr(store, "cancel", twice)
    failing(base.Unavailable("160014"))
    with pytest.raises(exceptions.DeliveryFailed):
        send_code(new_phone(), "login")
    failing(base.Uncertain("ReadTimeout"))
    send_code(new_phone(), "login")
    with pytest.raises(exceptions.RateLimited):
        send_code(new_phone(), "login")


def test_an_uncertain_send_keeps_its_code_and_its_place(
    phone: str, failing: Failing, second: Fake
) -> None:
    failing(base.Uncertain("ReadTimeout"))
    pending = send_code(phone, "login")
    assert pending.status == "unknown"
    found = look_up_code(pending.id)
    assert found
    assert found[0] == "unknown"
    with pytest.raises(exceptions.Cooldown):
        send_code(phone, "login")
    # The text may have arrived after all.
    assert verify_code(phone, "login", second.texts[-1].params["code"])


def test_a_guess_made_during_a_failing_send_is_not_given_back(
    phone: str, failing: Failing, first: Fake, configure: Configure
) -> None:
    configure(FAILURE_LIMIT=[5, 3600])

    def guess(text: Text) -> None:
        with pytest.raises(exceptions.CodeIncorrect):
            verify_code(phone, "login", wrong(text.params["code"]))

    failing(base.Unavailable("160014"))
    first.meanwhile = guess
    with pytest.raises(exceptions.DeliveryFailed):
        send_code(phone, "login")
    failing(None)
    first.meanwhile = lambda text: None
    send_code(phone, "login")
    for left in (3, 2, 1):
        with pytest.raises(exceptions.CodeIncorrect) as refusal:
            verify_code(phone, "login", "wrong")
        assert refusal.value.extras["attempts_left"] == left


def _of_phone(redis: Any) -> dict[bytes, bytes]:
    (key,) = redis.scan_iter("sms:{4}+*")
    return kept.fields(redis, key)


@pytest.mark.parametrize("error", [base.Rejected("160042"), base.Declined("160021")])
def test_a_code_that_fails_at_its_worker_costs_the_phone_nothing_either(
    error: SendError, queued_code: Callable[[], Message], failing: Failing, redis: Redis
) -> None:
    message = queued_code()
    failing(error)
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert message.status == "failed"
    assert not _of_phone(redis).get(b"s")
    failing(None)
    assert send_code(message.phone, "login").id  # at once


def test_a_code_that_waits_for_a_platform_keeps_its_place(
    queued_code: Callable[[], Message], failing: Failing
) -> None:
    message = queued_code()
    failing(base.Unreachable("HTTP 500"))
    delivery.deliver([message.pk])
    message.refresh_from_db()
    assert message.status == "queued"
    with pytest.raises(exceptions.Cooldown):
        send_code(message.phone, "login")


def test_only_the_send_that_failed_is_given_back(
    queued_code: Callable[[], Message], failing: Failing, travel: Travel, redis: Redis
) -> None:
    earlier = queued_code()
    travel(60)
    send_code(earlier.phone, "login")
    failing(base.Rejected("160042"))
    delivery.deliver([earlier.pk])
    with pytest.raises(exceptions.Cooldown):  # the later one is a minute away
        send_code(earlier.phone, "login")
