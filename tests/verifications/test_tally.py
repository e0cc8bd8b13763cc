"""The tally: counted at once, in Redis a moment later, and not lost on the way."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from redis import Redis

from dadashop.caches import cache_of
from tests.conftest import wrong
from tests.live import ROOT, clean_environment
from tests.settings import DATA_DIR, REDIS_URL
from verifications import tally
from verifications.exceptions import CodeIncorrect, Unavailable, UnknownPurpose
from verifications.services import send_code, verify_code
from verifications.tally import Ended

pytestmark = pytest.mark.redis

NOW = 500_000  # hours since 1970
OK = Ended("send_code", "login", "ok")


class Clock:
    hour = NOW

    def time(self) -> float:
        return self.hour * 3600 + 1800


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(tally, "time", clock)
    return clock


@pytest.fixture
def away(settings: LazySettings) -> Iterator[Callable[[bool], None]]:
    """away(True): Redis is; away(False): it is back."""
    there, nowhere = settings.CACHES, {"default": cache_of("unix:///nonexistent.sock", DATA_DIR)}

    def move(gone: bool) -> None:
        settings.CACHES = nowhere if gone else there

    yield move
    move(False)


def test_use_cases_are_counted(phone: str, last_code: Callable[[], str]) -> None:
    send_code(phone, "login")
    with pytest.raises(CodeIncorrect):
        verify_code(phone, "login", wrong(last_code()))
    verify_code(phone, "login", last_code())
    with pytest.raises(UnknownPurpose):
        send_code(phone, "nonsense")
    tally.flush()
    assert tally.read(NOW) == {
        OK: 1,
        Ended("verify_code", "login", "code_incorrect"): 1,
        Ended("verify_code", "login", "ok"): 1,
        Ended("send_code", "other", "unknown_purpose"): 1,
    }


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Waits for a batch that the tally's own thread has taken to Redis."""
    monkeypatch.setattr(tally, "WAIT", 0.01)
    batches, send = threading.Semaphore(0), tally._send

    def tell(counts: Any) -> None:
        send(counts)
        batches.release()

    monkeypatch.setattr(tally, "_send", tell)
    return batches


def test_a_count_goes_to_redis_by_itself(arrived: threading.Semaphore) -> None:
    tally.add(*OK)
    assert arrived.acquire(timeout=10)
    tally.add(*OK)  # and the next one, after that
    assert arrived.acquire(timeout=10)
    assert tally.read(NOW) == {OK: 2}


def test_one_thread_waits_for_however_many_counts() -> None:
    before = threading.active_count()
    for _ in range(100):
        tally.add(*OK)
    assert threading.active_count() == before + 1


def test_each_hour_is_counted_apart(clock: Clock, redis: Redis) -> None:
    tally.add(*OK)
    clock.hour += 1
    tally.add(*OK)
    tally.flush()
    assert tally.read(NOW) == tally.read(NOW + 1) == {OK: 1}
    assert tally.read(NOW + 2) == {}
    assert 0 < redis.ttl(f"sms:{{4}}tally:{NOW}") <= 72 * 3600


def test_several_threads_lose_nothing() -> None:
    def work() -> None:
        for number in range(500):
            tally.add(*OK)
            if number % 100 == 0:
                tally.flush()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.flush()
    assert tally.read(NOW) == {OK: 2000}


def test_redis_away_and_back(
    away: Callable[[bool], None], caplog: pytest.LogCaptureFixture
) -> None:
    away(True)
    tally.add(*OK)
    tally.flush()
    assert "tally: ConnectionError" in caplog.text
    tally.add(*OK)
    away(False)
    assert tally.read(NOW) == {}
    tally.flush()
    assert tally.read(NOW) == {OK: 2}


def test_it_is_tried_again_without_another_count(
    away: Callable[[bool], None], arrived: threading.Semaphore
) -> None:
    away(True)
    tally.add(*OK)
    tally.flush()
    away(False)
    assert arrived.acquire(timeout=10)
    assert tally.read(NOW) == {OK: 1}


def test_what_nobody_sums_up_any_more_is_not_kept(
    away: Callable[[bool], None], clock: Clock
) -> None:
    away(True)
    tally.add(*OK)
    clock.hour += tally.KEPT_HOURS
    tally.add(*OK)
    tally.flush()
    away(False)
    tally.flush()
    assert tally.read(NOW) == {}
    assert tally.read(clock.hour) == {OK: 1}


def test_reading_says_that_redis_is_away(away: Callable[[bool], None]) -> None:
    away(True)
    with pytest.raises(Unavailable):
        tally.read(NOW)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_counts_for_itself() -> None:
    tally.add(*OK)
    child = os.fork()
    if not child:
        try:
            tally.add(*OK)
            tally.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert tally.read(NOW) == {OK: 1}  # the child's alone: ours is still with us
    tally.flush()
    assert tally.read(NOW) == {OK: 2}


_COUNT = """
import django
django.setup()
from verifications import tally
tally.add("send_code", "login", "ok")
"""
# As a web server does that imports the application in each of its workers.
_WORKER = f"""
import multiprocessing
def work():
    exec({_COUNT!r})
multiprocessing.get_context("fork").Process(target=work).start()
"""


def _run(program: str, redis_url: str) -> Any:
    environment = {"DJANGO_SETTINGS_MODULE": "dadashop.settings", "REDIS_URL": redis_url}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("program", [_COUNT, _WORKER], ids=["process", "worker"])
def test_a_process_that_ends_takes_its_counts_along(program: str, redis: Redis) -> None:
    done = _run(program, REDIS_URL)
    assert done.returncode == 0, done.stderr
    (key,) = redis.scan_iter("sms:{4}tally:*")
    assert redis.hgetall(key) == {b"send_code:login:ok": b"1"}


def test_it_ends_without_redis_too() -> None:
    done = _run(_COUNT, "unix:///nonexistent.sock")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
