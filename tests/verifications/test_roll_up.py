"""`manage.py roll_up`: the sums of texts from before."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.verifications import texts
from verifications.models import Hour, HourlyCount

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def _roll_up(since: str) -> str:
    out = io.StringIO()
    call_command("roll_up", "--since", since, stdout=out)
    return out.getvalue()


def test_all_hours_since_then() -> None:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=5)
    texts.write(start, 10)
    assert _roll_up("4d").splitlines()[-1] == "Summed up 96 hours."
    assert not HourlyCount.objects.exists()
    _roll_up("90d")
    assert Hour.objects.order_by("start")[0].start == start
    assert sum(HourlyCount.objects.filter(series="message").values_list("count", flat=True)) == 10


@pytest.mark.parametrize("since", ["90", "0d", "366d", "d", "-1d"])
def test_how_far_back_it_goes(since: str) -> None:
    with pytest.raises(CommandError, match=r"at most 365d|expected"):
        _roll_up(since)


def test_sweep_and_beat_do_it_too() -> None:
    from dadashop.queues import beat_schedule

    call_command("sweep", stdout=io.StringIO())
    assert Hour.objects.count() == 2
    assert beat_schedule()["roll_up"]["task"] == "verifications.roll_up"
