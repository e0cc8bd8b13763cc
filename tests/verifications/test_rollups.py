"""The sums of an hour are what a recount finds, however often and however late they are made."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.verifications import texts
from tests.verifications.racing import race
from tests.verifications.sums import START, counted
from verifications import phones, rollups
from verifications.models import DeliveryAttempt, Hour, HourlyAttempts, HourlyCount, Message
from verifications.models.rollups import ANSWER_MS, ANSWERS, ARRIVAL_S, ARRIVALS

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

_PLAIN = ("taken", "rejected", "unavailable", "uncertain", "delivered", "undelivered")
Travel = Callable[[float], None]


def _sums() -> dict[tuple[str, str], Counter[str]]:
    columns = [*_PLAIN, *ANSWERS, *ARRIVALS]
    return {
        (row.provider, row.carrier): +Counter({name: getattr(row, name) for name in columns})
        for row in HourlyAttempts.objects.all()
    }


def _recount() -> dict[tuple[str, str], Counter[str]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for one in DeliveryAttempt.objects.select_related("message").filter(message__withheld=""):
        key = one.provider, phones.carrier(one.message.phone[:7])
        found.setdefault(key, Counter()).update(_columns(one))
    return found


def _columns(one: DeliveryAttempt) -> list[str]:
    columns = [one.arrival] if one.arrival else []
    if one.latency_ms is not None:
        columns.append(ANSWERS[bisect_left(ANSWER_MS, one.latency_ms)])
    if one.arrival == "delivered" and one.arrived_at:
        seconds = (one.arrived_at - one.started_at).total_seconds()
        columns.append(ARRIVALS[bisect_left(ARRIVAL_S, seconds)])
    if one.outcome == "sent" or one.arrival:
        columns.append("taken")
    elif one.outcome in ("rejected", "uncertain") or (
        one.outcome == "unavailable" and one.latency_ms is not None
    ):
        columns.append(one.outcome)
    return columns


@pytest.mark.parametrize("seed", range(5))
def test_what_a_recount_finds(seed: int) -> None:
    texts.write(START, 300, seed)
    texts.write(START - timedelta(hours=1), 20, seed)  # which are of another hour
    texts.write(START + timedelta(hours=1), 20, seed)
    assert rollups.roll(START)
    Message.objects.exclude(created_at__gte=START, created_at__lt=START + rollups.HOUR).delete()
    assert _sums() == _recount()
    assert counted("message") == Counter(
        (f"{one.kind}:{one.template}", "withheld" if one.withheld else one.status)
        for one in Message.objects.all()
    )
    tries = DeliveryAttempt.objects.filter(message__withheld="")
    assert counted("platform") == Counter(tries.exclude(code="").values_list("provider", "code"))
    assert counted("carrier") == Counter(
        tries.filter(arrival="undelivered").values_list("provider", "arrival_code")
    )


def test_both_ends_of_an_hour() -> None:
    texts.write(START, 2)
    first, last = Message.objects.all()
    Message.objects.filter(pk=first.pk).update(created_at=START)
    Message.objects.filter(pk=last.pk).update(created_at=START + timedelta(hours=1))
    rollups.roll(START)
    assert counted("message").total() == 1


def _everything() -> list[Any]:
    """Every row, without its id."""
    rows: list[Any] = [*HourlyCount.objects.order_by("series", "name", "outcome").values()]
    rows += HourlyAttempts.objects.order_by("provider", "carrier").values()
    for row in rows:
        del row["id"]
    return rows


def test_once_more_changes_nothing(travel: Travel) -> None:
    texts.write(START, 100)
    rollups.roll(START)
    before = _everything()
    travel(60)
    assert rollups.roll(START)
    assert _everything() == before


def test_a_late_report_counts_for_the_hour_of_its_text(travel: Travel) -> None:
    texts.write(START, 1)
    message = Message.objects.get()
    DeliveryAttempt.objects.all().delete()
    Message.objects.update(status="sent", withheld="")
    one = texts.attempt(message, outcome="sent", latency_ms=80)
    one.save()
    rollups.roll(START)
    assert [sums["delivered"] for sums in _sums().values()] == [0]
    travel(60)
    one.arrival, one.arrived_at = "delivered", one.started_at + timedelta(days=2)
    one.save()
    Message.objects.update(status="delivered")
    rollups.roll(START)
    assert [(sums["delivered"], sums["arrival_more"]) for sums in _sums().values()] == [(1, 1)]
    assert set(counted("message")) == {(f"{message.kind}:{message.template}", "delivered")}


def test_what_another_process_summed_up_later_stays(travel: Travel) -> None:
    texts.write(START, 10)
    travel(60)
    rollups.roll(START)
    before = _everything()
    Message.objects.update(status="failed")
    travel(-30)
    assert not rollups.roll(START)
    assert _everything() == before


def test_deleted_texts_stay_counted(travel: Travel) -> None:
    texts.write(START, 10)
    rollups.roll(START)
    before = _everything()
    Message.objects.all()[0].delete()
    travel(60)
    assert not rollups.roll(START)
    assert _everything() == before


def test_only_the_commonest_codes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "_MOST_CODES", 2)
    texts.write(START, 1)
    message = Message.objects.get()
    Message.objects.update(withheld="")
    codes = ["a", "b", "b", "c", "c", "c"]
    DeliveryAttempt.objects.all().delete()
    DeliveryAttempt.objects.bulk_create(texts.attempt(message, code=code) for code in codes)
    rollups.roll(START)
    assert counted("platform") == {("cloopen", "b"): 2, ("cloopen", "c"): 3}


def test_how_often_the_database_is_asked(django_assert_max_num_queries: Any) -> None:
    texts.write(START, 200)
    with django_assert_max_num_queries(20):
        rollups.roll(START)


def test_several_at_once() -> None:
    texts.write(START, 100)
    assert any(race(4, lambda _: rollups.roll(START)))
    rows = _everything()
    Hour.objects.all().delete()
    rollups.roll(START)
    assert _everything() == rows
