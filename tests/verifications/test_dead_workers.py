"""What a worker left that died in the middle of a send: a try whose fate nobody knows."""

from collections.abc import Callable, Sequence

import pytest

from tests.conftest import Configure
from tests.verifications import platforms
from tests.verifications.platforms import Fake, Killed, die
from verifications import delivery
from verifications.models import DeliveryAttempt, Message
from verifications.providers import base

pytestmark = pytest.mark.database

Queued = Callable[..., Message]
Travel = Callable[[float], None]
Kill = Callable[[Sequence[Message]], None]


@pytest.fixture
def kill(first: Fake, travel: Travel, configure: Configure) -> Kill:
    """kill(messages): a worker dies while the first platform has them, and its lease ends."""
    configure(CLAIM_TTL=30)

    def run(messages: Sequence[Message]) -> None:
        first.meanwhile = die
        with pytest.raises(Killed):
            delivery.deliver([message.pk for message in messages])
        first.meanwhile = lambda text: None
        travel(31)

    return run


def _states(messages: Sequence[Message]) -> list[tuple[str, str]]:
    for message in messages:
        message.refresh_from_db()
    return [(message.status, message.reason) for message in messages]


def test_its_code_is_sent_again(queued_code: Queued, kill: Kill, first: Fake) -> None:
    message = queued_code()
    kill([message])
    delivery.deliver([message.pk])
    assert _states([message]) == [("sent", "")]
    before, again = first.texts
    assert before.params == again.params
    assert before.request_id != again.request_id
    tries = DeliveryAttempt.objects.order_by("started_at").values_list("outcome", "code")
    assert list(tries) == [("uncertain", "worker_lost"), ("sent", "")]


def test_its_code_may_have_arrived_whatever_comes_now(
    queued_code: Queued, kill: Kill, first: Fake, second: Fake
) -> None:
    message = queued_code()
    kill([message])
    first.error = second.error = base.Unreachable("HTTP 500")
    delivery.deliver([message.pk])
    assert _states([message]) == [("unknown", "second: HTTP 500")]


def test_its_code_that_is_too_old_now_may_have_arrived(
    queued_code: Queued, kill: Kill, first: Fake, travel: Travel
) -> None:
    message = queued_code()
    kill([message])
    travel(300)
    delivery.deliver([message.pk])
    assert _states([message])[0][0] == "unknown"
    assert len(first.texts) == 1


def test_its_notices_are_repeated_in_one_request_where_that_is_safe(
    queued_notice: Queued, kill: Kill, first: Fake, travel: Travel
) -> None:
    messages = [queued_notice() for _ in range(3)]
    kill(messages)
    first.repeatable, first.error = True, base.Duplicate("160054")
    delivery.deliver([messages[1].pk])  # which brings the others with it
    assert _states(messages) == [("sent", "")] * 3
    before, again = first.texts
    assert (before.request_id, set(before.phones)) == (again.request_id, set(again.phones))


def test_its_notices_are_not_sent_again_where_that_is_not_safe(
    queued_notice: Queued, kill: Kill, first: Fake, second: Fake
) -> None:
    messages = [queued_notice() for _ in range(3)]
    kill(messages)
    delivery.deliver([messages[0].pk])
    assert _states(messages) == [("unknown", "first: worker_lost")] * 3
    assert (len(first.texts), len(second.texts)) == (1, 0)


def test_a_repetition_that_the_platform_does_not_answer_is_repeated_later(
    queued_notice: Queued, kill: Kill, first: Fake, second: Fake, travel: Travel
) -> None:
    message = queued_notice()
    kill([message])
    first.repeatable, first.error = True, base.Unreachable("HTTP 500")
    for _ in range(3):
        delivery.deliver([message.pk])
        travel(10)
    assert _states([message]) == [("queued", "first: HTTP 500")]
    assert len({text.request_id for text in first.texts}) == 1
    assert not second.texts
    first.repeatable = False  # a day later
    delivery.deliver([message.pk])
    assert _states([message])[0][0] == "unknown"


def test_a_repetition_after_an_unanswered_request_is_as_safe(
    queued_notice: Queued, first: Fake, second: Fake, travel: Travel
) -> None:
    messages = [queued_notice() for _ in range(2)]
    first.repeatable, first.error = True, base.Uncertain("ReadTimeout")
    delivery.deliver([message.pk for message in messages])
    assert _states(messages) == [("queued", "first: ReadTimeout")] * 2
    first.error = None
    travel(3)
    delivery.deliver([messages[0].pk])
    assert _states(messages) == [("sent", "")] * 2
    assert len({text.request_id for text in first.texts}) == 1
    assert not second.texts


def test_its_platform_is_gone_from_the_settings(
    queued_notice: Queued, kill: Kill, first: Fake, configure: Configure
) -> None:
    message = queued_notice()
    kill([message])
    first.repeatable = True
    configure(**platforms.settings_of("second"))
    delivery.deliver([message.pk])
    assert _states([message]) == [("unknown", "first: worker_lost")]


def test_nobody_touches_what_a_living_worker_has(
    queued_notice: Queued, first: Fake, second: Fake
) -> None:
    message = queued_notice()
    first.meanwhile = lambda text: delivery.deliver([message.pk])
    delivery.deliver([message.pk])
    assert len(first.texts) == 1
    assert _states([message]) == [("sent", "")]


def test_who_was_too_slow_does_not_undo_what_another_did(
    queued_notice: Queued, first: Fake, travel: Travel, configure: Configure
) -> None:
    configure(CLAIM_TTL=30)
    message = queued_notice()

    def another(text: object) -> None:
        first.meanwhile = lambda text: None
        travel(31)
        delivery.deliver([message.pk])

    first.meanwhile = another
    first.repeatable = True
    delivery.deliver([message.pk])
    assert _states([message]) == [("sent", "")]
    assert len({text.request_id for text in first.texts}) == 1
