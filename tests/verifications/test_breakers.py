"""A platform that fails is passed over for a while; one send finds out when it is back."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import LazySettings

from dadashop.caches import cache_of
from tests.conftest import Configure
from tests.live import free_port
from tests.verifications.platforms import Fake
from tests.verifications.racing import race
from verifications import arrivals, breakers
from verifications.exceptions import DeliveryFailed
from verifications.models import DeliveryAttempt
from verifications.providers import Receipt, SendError, base
from verifications.services import send_code

pytestmark = pytest.mark.redis

Travel = Callable[[float], None]
NewPhone = Callable[[], str]
DOWN = base.Unreachable("HTTP 500")


@pytest.fixture(autouse=True)
def _three_failures(first: Fake, configure: Configure) -> None:
    configure(BREAKER=[3, 15])


def _fail(name: str = "first", times: int = 3) -> list[bool]:
    return [breakers.report(name, ok=False) for _ in range(times)]


def _open(*names: str) -> set[str]:
    """Those of the two that nobody may ask now."""
    breakers._clean_until.clear()  # as another process, which knows nothing yet
    return {"first", "second"} - breakers.closed(["first", "second"])


def test_it_opens_after_so_many_failures_in_a_row(caplog: pytest.LogCaptureFixture) -> None:
    assert _fail() == [False, False, True]
    assert _open() == {"first"}


def test_a_success_between_them_starts_the_count_anew() -> None:
    _fail(times=2)
    assert not _open()
    breakers.report("first", ok=True)
    assert _fail(times=2) == [False, False]
    assert not _open()
    assert _fail(times=1) == [True]


def test_an_open_platform_is_not_asked(
    first: Fake, second: Fake, new_phone: NewPhone, caplog: pytest.LogCaptureFixture
) -> None:
    first.error = DOWN
    for _ in range(6):
        assert send_code(new_phone(), "login").status == "sent"
    assert (len(first.texts), len(second.texts)) == (3, 6)
    assert caplog.messages.count("first: failed 3 times in a row, passed over for 15 seconds") == 1


@pytest.mark.parametrize(
    "error", [base.Rejected("160042"), base.Declined("160021"), base.Throttled("429")]
)
def test_what_is_not_the_platforms_fault_does_not_count(
    error: SendError, first: Fake, second: Fake, new_phone: NewPhone
) -> None:
    first.error = second.error = error
    for _ in range(4):
        with pytest.raises(DeliveryFailed):
            send_code(new_phone(), "login")
    assert not _open()


@pytest.mark.parametrize("error", [base.Unavailable("160014"), DOWN, base.Uncertain("ReadTimeout")])
def test_what_is_its_fault_counts(error: SendError, first: Fake, new_phone: NewPhone) -> None:
    first.error = error
    for _ in range(3):
        send_code(new_phone(), "login")
    assert _open() == {"first"}


def test_it_stays_open_for_its_time_and_not_longer(travel: Travel) -> None:
    _fail()
    travel(14)
    assert _open() == {"first"}
    travel(1.1)
    assert not _open()


def test_half_open_it_lets_one_of_many_try(travel: Travel) -> None:
    _fail()
    travel(15.1)
    allowed = race(20, lambda _: breakers.closed(["first", "second"]))
    assert sum("first" in names for names in allowed) == 1
    assert all("second" in names for names in allowed)


def test_a_probe_that_passes_closes_it(travel: Travel, first: Fake, phone: str) -> None:
    _fail()
    travel(15.1)
    send_code(phone, "login")
    assert len(first.texts) == 1
    assert not _open()
    assert _fail(times=2) == [False, False]


def test_a_probe_that_fails_opens_it_again(
    travel: Travel, first: Fake, second: Fake, new_phone: NewPhone
) -> None:
    _fail()
    travel(15.1)
    first.error = DOWN
    assert send_code(new_phone(), "login").status == "sent"
    assert _open() == {"first"}
    travel(14)
    assert _open() == {"first"}
    travel(1.1)
    assert not _open()


def test_a_probe_that_never_ends_does_not_keep_it_shut(travel: Travel) -> None:
    _fail()
    travel(15.1)
    assert not _open()  # the probe, whose process dies now
    assert _open() == {"first"}
    travel(10.1)
    assert not _open()


def test_where_all_are_open_the_first_is_asked_all_the_same(
    first: Fake, second: Fake, phone: str
) -> None:
    _fail("first")
    _fail("second")
    assert send_code(phone, "login").status == "sent"
    assert (len(first.texts), len(second.texts)) == (1, 0)


def _report(first: Fake, new_phone: NewPhone, code: str, *, delivered: bool) -> None:
    """One more text, and what became of it."""
    send_code(new_phone(), "login")
    attempt = DeliveryAttempt.objects.latest("started_at")
    phone = first.texts[-1].phones[0]
    arrivals.apply("first", [Receipt(attempt.provider_message_id, "", phone, delivered, code)])


def test_texts_that_do_not_arrive_open_it_too(
    first: Fake, second: Fake, new_phone: NewPhone
) -> None:
    for _ in range(3):
        _report(first, new_phone, "SIGFAIL", delivered=False)
    assert _open() == {"first"}
    send_code(new_phone(), "login")
    assert (len(first.texts), len(second.texts)) == (3, 1)


def test_one_refusal_is_enough_to_open_it_again_whatever_opened_it(travel: Travel) -> None:
    for _ in range(3):
        breakers.report("first", ok=False, of="receipt")
    travel(15.1)
    assert not _open()  # the probe
    assert _fail(times=1) == [False]
    travel(14)
    assert _open() == {"first"}


def test_a_phone_that_is_switched_off_says_nothing_of_the_platform(
    first: Fake, new_phone: NewPhone
) -> None:
    for _ in range(4):
        _report(first, new_phone, "MK:0001", delivered=False)
    assert not _open()


def test_a_text_that_arrives_is_no_answer_to_refused_ones() -> None:
    _fail(times=2)
    breakers.report("first", ok=True, of="receipt")
    assert _fail(times=1) == [True]
    breakers.report("first", ok=True, of="receipt")
    assert _open() == {"first"}


def test_without_redis_all_are_asked(
    first: Fake, settings: LazySettings, configure: Configure, tmp_path: Path
) -> None:
    _fail()
    away = cache_of(f"redis://127.0.0.1:{free_port()}/0", tmp_path)
    settings.CACHES = {**settings.CACHES, str(tmp_path): away}
    configure(REDIS_ALIAS=str(tmp_path))
    assert not _open()
    assert _fail() == [False] * 3


def test_that_nothing_is_against_it_is_believed_for_half_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(breakers, "time", SimpleNamespace(monotonic=lambda: now))
    assert breakers.closed(["first"]) == {"first"}
    believed = dict(breakers._clean_until)
    _fail()
    breakers._clean_until.update(believed)  # for it was another process that failed
    now += 0.4
    assert breakers.closed(["first"]) == {"first"}
    now += 0.2
    assert breakers.closed(["first"]) == set()
