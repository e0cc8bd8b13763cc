"""When no platform took the text, everything is given back; when one may have, nothing is."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from redis import Redis

from tests.conftest import Configure, wrong
from verifications import exceptions, store
from verifications.providers import Accepted, Provider, Rejected, SendError, Text, base
from verifications.services import look_up_code, send_code, verify_code

Travel = Callable[[float], None]
LastCode = Callable[[], str]


class Failing(Provider):
    """A platform that fails as it is told, and keeps what it was given."""

    name = "failing"
    error: ClassVar[SendError] = Rejected("160042")
    texts: ClassVar[list[Text]] = []

    def send(self, text: Text) -> Accepted:
        self.texts.append(text)
        raise self.error


@pytest.fixture
def failing(configure: Configure) -> Callable[[SendError], None]:
    """failing(error): from now on every platform answers that."""

    def fail(error: SendError) -> None:
        Failing.error = error
        configure(
            PROVIDERS={"failing": {"BACKEND": f"{__name__}.Failing"}},
            PROVIDER_ORDER=["failing"],
            TEMPLATES={"default": {"failing": "1"}},
        )

    return fail


def _snapshot(redis: Any) -> dict[bytes, object]:
    """All that Redis holds of codes, sends and quotas; emptied counters count as none."""
    found: dict[bytes, object] = {}
    for key in redis.scan_iter("*"):
        if redis.type(key) == b"hash":
            found[key] = redis.hgetall(key)
        elif any(redis.get(key)[6:62]) or any(redis.get(key)[68:]):
            found[key] = redis.get(key)[6:62]
    return found


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (Rejected("160042"), exceptions.DeliveryFailed),
        (base.Unavailable("160014"), exceptions.DeliveryFailed),
        (base.Unreachable("ConnectTimeout"), exceptions.Unavailable),
    ],
)
def test_what_no_platform_took_leaves_no_trace(
    error: SendError,
    refusal: type[Exception],
    phone: str,
    failing: Callable[[SendError], None],
    redis: Redis,
) -> None:
    failing(error)
    with pytest.raises(refusal):
        send_code(phone, "login", ip="203.0.113.7")
    assert _snapshot(redis) == {}


def test_a_live_code_is_as_it_was_before_a_failed_resend(
    phone: str,
    travel: Travel,
    last_code: LastCode,
    failing: Callable[[SendError], None],
    redis: Redis,
) -> None:
    send_code(phone, "login")
    code = last_code()
    with pytest.raises(exceptions.CodeIncorrect):
        verify_code(phone, "login", wrong(code))
    before = _snapshot(redis)
    travel(60)
    failing(base.Unavailable("160014"))
    with pytest.raises(exceptions.DeliveryFailed):
        send_code(phone, "login")
    assert {key: value for key, value in _snapshot(redis).items() if b":global:" not in key} == {
        key: value for key, value in before.items() if b":global:" not in key
    }
    assert verify_code(phone, "login", code)


def test_after_a_failure_the_next_send_passes_at_once(
    phone: str, failing: Callable[[SendError], None], configure: Configure
) -> None:
    failing(base.Unavailable("160014"))
    for _ in range(12):  # more than any limit of the phone
        with pytest.raises(exceptions.DeliveryFailed):
            send_code(phone, "login")
    configure(
        PROVIDERS={"locmem": {"BACKEND": "verifications.providers.locmem.LocMem"}},
        PROVIDER_ORDER=["locmem"],
        TEMPLATES={"default": {"locmem": "1"}},
    )
    assert send_code(phone, "login").status == "sent"


def test_nothing_is_given_back_twice(
    new_phone: Callable[[], str],
    failing: Callable[[SendError], None],
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(GLOBAL_LIMITS=[[2, 3600]])
    send_code(new_phone(), "login")
    cancel = store.cancel
    monkeypatch.setattr(store, "cancel", lambda taken: (cancel(taken), cancel(taken)))
    failing(base.Unavailable("160014"))
    with pytest.raises(exceptions.DeliveryFailed):
        send_code(new_phone(), "login")
    failing(base.Uncertain("ReadTimeout"))
    send_code(new_phone(), "login")
    with pytest.raises(exceptions.RateLimited):
        send_code(new_phone(), "login")


def test_an_uncertain_send_keeps_its_code_and_its_place(
    phone: str, failing: Callable[[SendError], None]
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
    assert verify_code(phone, "login", Failing.texts[-1].params["code"])


def test_a_guess_made_during_a_failing_send_is_not_given_back(
    phone: str, failing: Callable[[SendError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def guess_meanwhile(self: Failing, text: Text) -> Accepted:
        with pytest.raises(exceptions.CodeIncorrect):
            verify_code(phone, "login", wrong(text.params["code"]))
        raise base.Unavailable("160014")

    failing(base.Unavailable("160014"))
    monkeypatch.setattr(Failing, "send", guess_meanwhile)
    with pytest.raises(exceptions.DeliveryFailed):
        send_code(phone, "login")
    with pytest.raises(exceptions.CodeIncorrect) as refusal:
        verify_code(phone, "login", "000000")
    assert refusal.value.extras["attempts_left"] == 3
