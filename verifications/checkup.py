"""Is everything there that a text needs? What `manage.py doctor` tells, a Check a line."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from . import breakers, budgets, conf, outbox, providers, routing, store, tasks
from .database import lacks_tables
from .exceptions import Unavailable, place_of
from .models import DeliveryAttempt, Message
from .providers import Check, Provider

_PATIENCE = 15  # seconds for one part; each call to a platform ends by its own timeouts long before
_SKEW = 5  # seconds that our clock may differ from Redis'
_LATE = timedelta(minutes=1)
_REPORTED_BY = timedelta(minutes=10)  # most reports come within one
_LOOKED_AT = 1000  # rows
_TELLING = 20  # texts without one report, from which on that is no accident

_WAITED_FOR = (Message.Kind.CODE, Message.Kind.PICKUP)
_TAKEN = DeliveryAttempt.Outcome.SENT


def checks() -> Iterator[Check]:
    """All of them, whatever becomes of those before."""
    settings = conf.get()
    parts: dict[str, Callable[[], Iterator[Check]]] = {
        "redis": _redis,
        "replicas": partial(_replicas, settings.redis_replicas),
        "clock": _clock,
        "database": _database,
        "queue": _queue,
        "late": _late,
        "guard": partial(_guard, settings),
        "budget": _budgets,
        "receipts": partial(_receipts, settings),
    }
    for name in routing.platforms(settings):
        if provider := providers.build(name):
            parts[f"{name} account"] = partial(_account, settings, name, provider)
            parts[f"{name} breaker"] = partial(_breaker, name)
            parts[f"{name} receipts"] = partial(_reports, name, provider)
    for name, part in parts.items():
        for check in _bounded(name, part):
            yield replace(check, hint="") if check.ok else check


def _bounded(name: str, part: Callable[[], Iterator[Check]]) -> list[Check]:
    try:
        with _within(_PATIENCE):
            return [*part()]
    except TimeoutError:
        told, hint = f"no answer in {_PATIENCE} seconds", "is a firewall in between?"
    except (Unavailable, DatabaseError):
        told, hint = "unknown without Redis and the database", "see above"
    except ImproperlyConfigured as error:
        told, hint = str(error), "manage.py check --deploy tells of every setting"
    except Exception as error:  # none may hide the others; and its text may hold a secret
        told, hint = place_of(error), "this is a bug: please report it"
    return [Check(name, False, told, hint)]


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raises TimeoutError, in the main thread: a driver may wait for minutes for who is silent."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _redis() -> Iterator[Check]:
    try:
        store.ping()
    except Unavailable as error:
        yield Check("redis", False, type(error.__cause__).__name__, "check REDIS_URL")
    else:
        yield Check("redis", True, "answers")


def _replicas(wanted: int) -> Iterator[Check]:
    """A right code waits for so many, or for all that there are."""
    if not wanted:
        return
    following = store.replicas()
    hint = "a failover may lose what was used" if following < wanted else ""
    yield Check("replicas", following >= wanted, f"{following} of {wanted} follow", hint)


def _clock() -> Iterator[Check]:
    """Limits go by Redis' clock, everything else by ours; 容联云 refuses one that is a day off."""
    ahead = time.time() - store.clock()
    told = f"{abs(ahead):.0f} seconds {'ahead of' if ahead > 0 else 'behind'} Redis"
    yield Check("clock", abs(ahead) <= _SKEW, told, "set both machines' clocks by NTP")


def _database() -> Iterator[Check]:
    try:
        lacking = lacks_tables()
    except DatabaseError as error:
        yield Check("database", False, type(error).__name__, "check DATABASE_URL")
        return
    told = "tables are missing" if lacking else connection.vendor
    yield Check("database", not lacking, told, "run manage.py migrate")


def _queue() -> Iterator[Check]:
    if not tasks.broker():
        yield Check("queue", True, "none: texts go out inside the request")
        return
    try:
        tasks.ping()
    except Unavailable as error:
        yield Check("queue", False, type(error.__cause__).__name__, "check CELERY_BROKER_URL")
    else:
        yield Check("queue", True, "the broker answers")


def _late() -> Iterator[Check]:
    """Beat moves what is due on; and no code waits in a queue for a minute, but for a worker."""
    now = timezone.now()
    late = Q(due_at__lt=now - _LATE)
    if tasks.broker():
        late |= Q(kind__in=_WAITED_FOR, rounds=0, claim=None, created_at__lt=now - _LATE)
    waiting = Message.objects.filter(late, status=Message.Status.QUEUED).order_by("due_at")
    since = [
        min(created, due) if kind in _WAITED_FOR else due
        for kind, created, due in waiting.values_list("kind", "created_at", "due_at")[:_LOOKED_AT]
    ]
    with suppress(Unavailable):  # which has a line of its own
        unwritten = outbox.waiting()
        if unwritten.since and unwritten.since < now - _LATE:
            since += [unwritten.since] * unwritten.messages
    if not since:
        yield Check("late", True, "no text has waited for longer than a minute")
        return
    count = f"{_LOOKED_AT} or more" if len(since) >= _LOOKED_AT else str(len(since))
    told = f"queued texts that should be gone: {count}, the first for {_minutes(now - min(since))}"
    hint = "is manage.py sweep --every 5 running?"
    if tasks.broker():
        hint = "are beat and a worker of each queue running?"
    yield Check("late", False, told, hint)


def _minutes(time_passed: timedelta) -> str:
    return f"{time_passed // timedelta(minutes=1)} min"


def _guard(settings: conf.Conf) -> Iterator[Check]:
    mode = {
        "off": "off",
        "record": "record: suspicious texts are told of, none is refused",
        "enforce": "enforce",
    }[settings.guard]
    yield Check("guard", True, f"{mode}; captcha: {settings.captcha}")


def _budgets() -> Iterator[Check]:
    spent = budgets.spent()
    if not spent:
        yield Check("budget", True, "none set")
    for one in spent:
        name = f"budget of {one.scope or 'everyone'}, this {one.window}"
        detail = f"{one.spent:.2f} of {one.limit:.2f} yuan is spent"
        hint = f"wait for the next {one.window}, or raise it at /admin/ (预算)"
        yield Check(name, not one.full, detail, hint)


def _receipts(settings: conf.Conf) -> Iterator[Check]:
    """None at all is no fault: a text stays `sent` then."""
    told = "RECEIPT_SECRET is set" if settings.receipt_secret else "none: RECEIPT_SECRET is not set"
    yield Check("receipts", True, told)


def _account(settings: conf.Conf, name: str, provider: Provider) -> Iterator[Check]:
    ids = {of.ids[name] for of in settings.templates.values() if name in of.ids}
    for check in provider.check(sorted(ids)):
        yield replace(check, name=f"{name} {check.name}")


def _breaker(name: str) -> Iterator[Check]:
    seconds = breakers.seconds_open(name)
    told = "closed"
    if seconds:
        told = f"open: too many texts failed, nobody asks it for {seconds:.0f} s"
    yield Check(f"{name} breaker", not seconds, told, "see its account, and its codes in the log")


def _reports(name: str, provider: Provider) -> Iterator[Check]:
    """Of the latest texts that it took: whether any report on them has come."""
    if type(provider).read_receipts is Provider.read_receipts or not conf.get().receipt_secret:
        return
    now = timezone.now()
    latest = Message.objects.filter(
        created_at__range=(now - timedelta(days=1), now - _REPORTED_BY), withheld=""
    ).order_by("-created_at")
    ids = [*latest.values_list("pk", flat=True)[:_LOOKED_AT]]
    tries = DeliveryAttempt.objects.filter(message__in=ids, provider=name, outcome=_TAKEN)
    taken, reported = tries.count(), tries.exclude(arrival="").count()
    if taken:
        ok = bool(reported) or taken < _TELLING
        told = f"{reported} of the latest {taken} texts were reported on"
        hint = f"enter the URL of docs/operations.md (Receipts) in {name}'s console"
        yield Check(f"{name} receipts", ok, told, hint)
