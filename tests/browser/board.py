"""What the dashboard's tests look at: `python -m tests.browser.board full` writes it into the
database of the product that the environment names, and prints the cookie of an operator."""

import math
import os
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import django

_CARRIERS = {"mobile": 0.55, "telecom": 0.24, "unicom": 0.18, "virtual": 0.02, "other": 0.01}
_PLATFORMS = {"cloopen": 0.8, "aliyun": 0.2}
# How many of a hundred texts were in which bucket.
_ANSWERS = {"answer_50": 20, "answer_100": 50, "answer_200": 20, "answer_500": 8, "answer_3000": 2}
_ARRIVALS = {"arrival_3": 30, "arrival_5": 40, "arrival_10": 20, "arrival_60": 8, "arrival_600": 2}
_REFUSALS = {"cooldown": 0.05, "rate_limited_ip": 0.01, "captcha_required": 0.02}
_FAILURES = (
    ("platform", "cloopen", "160042", 0.002),
    ("platform", "aliyun", "ConnectTimeout", 0.001),
    ("carrier", "cloopen", "MK:0012", 0.02),
    ("carrier", "aliyun", "EXPIRED", 0.01),
)


def _texts_of(start: datetime, chance: random.Random) -> int:
    """Few at night, most in the evening."""
    hour = (start.hour + 8) % 24
    return round((900 - 800 * math.cos((hour - 3) / 24 * math.tau)) * chance.uniform(0.8, 1.2))


def full(now: datetime) -> None:
    """Eight days of a busy mall, and two budgets."""
    from verifications.models import Budget

    chance = random.Random(5)
    hours = [now - timedelta(hours=n) for n in range(8 * 24)]
    _write({start: _texts_of(start, chance) for start in hours})
    Budget.objects.create(hourly="80.00", daily="800.00")
    Budget.objects.create(scope="cloopen", daily="600.00")


def one(now: datetime) -> None:
    from verifications.models import Hour, HourlyAttempts, HourlyCount

    hour = Hour.objects.create(start=now, rolled_at=datetime.now(UTC))
    ended = (("message", "code:login", "delivered"), ("send_code", "login", "ok"),
             ("verify_code", "login", "ok"))  # fmt: skip
    for series, name, outcome in ended:
        HourlyCount.objects.create(hour=hour, series=series, name=name, outcome=outcome, count=1)
    HourlyAttempts.objects.create(
        hour=hour, provider="cloopen", carrier="mobile", taken=1, delivered=1,
        answer_100=1, arrival_5=1,
    )  # fmt: skip


def empty(now: datetime) -> None:
    pass


def _write(texts: dict[datetime, int]) -> None:
    from verifications.models import Hour, HourlyAttempts, HourlyCount

    now = datetime.now(UTC)
    Hour.objects.bulk_create(Hour(start=start, rolled_at=now) for start in texts)
    HourlyCount.objects.bulk_create(
        HourlyCount(hour_id=start, series=series, name=name, outcome=outcome, count=n)
        for start, count in texts.items()
        for series, name, outcome, share in _counts()
        if (n := round(count * share))
    )
    HourlyAttempts.objects.bulk_create(
        HourlyAttempts(hour_id=start, provider=provider, carrier=carrier, **_sums(round(taken)))
        for start, count in texts.items()
        for provider, of_platform in _PLATFORMS.items()
        for carrier, of_carrier in _CARRIERS.items()
        if (taken := count * of_platform * of_carrier) >= 1
    )


def _counts() -> Iterator[tuple[str, str, str, float]]:
    for status, share in (("delivered", 0.9), ("undelivered", 0.04), ("sent", 0.04)):
        yield "message", "code:login", status, share
    yield "message", "notice:shipped", "delivered", 0.3
    yield "send_code", "login", "ok", 0.98
    yield "verify_code", "login", "ok", 0.85
    yield "verify_code", "login", "code_incorrect", 0.06
    for outcome, share in _REFUSALS.items():
        yield "send_code", "login", outcome, share
    yield from _FAILURES


def _sums(taken: int) -> dict[str, int]:
    delivered, undelivered = round(taken * 0.95), round(taken * 0.03)
    sums = {"taken": taken, "delivered": delivered, "undelivered": undelivered}
    sums |= {"rejected": taken // 200, "unavailable": taken // 100, "uncertain": taken // 300}
    sums |= {name: taken * share // 100 for name, share in _ANSWERS.items()}
    return sums | {name: delivered * share // 100 for name, share in _ARRIVALS.items()}


def _cookie() -> str:
    """Of a session that is logged in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    user, _ = User.objects.get_or_create(username="board", is_staff=True, is_superuser=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def main(state: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dadashop.settings")
    django.setup()
    from verifications.models import Budget, Hour

    Hour.objects.all().delete()
    Budget.objects.all().delete()
    states = {"full": full, "one": one, "empty": empty}
    states[state](datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
    sys.stdout.write(_cookie())


if __name__ == "__main__":
    main(sys.argv[1])
