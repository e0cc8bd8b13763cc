"""What to do with claimed messages: send, send again, put off, or give up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from . import budgets, conf, exceptions, ledger, phones, providers, routing, rules, store, tries
from .claims import IN_DOUBT
from .fates import Fate, Moved, Waits
from .models import DeliveryAttempt, Message
from .providers.decoy import Decoy
from .quiet import quiet_until
from .tries import Job

_LOST = "worker_lost"
_LONGEST_WAIT = 300.0  # seconds


def plan(messages: Sequence[Message]) -> list[Fate]:
    """What is to be done with each."""
    return _plan(messages, _doubts(messages))


def plan_new(messages: Sequence[Message]) -> list[Fate]:
    """The same with those that nobody has tried to send yet."""
    return _plan(messages, {})


def _plan(messages: Sequence[Message], doubts: dict[UUID, DeliveryAttempt]) -> list[Fate]:
    now = timezone.now()
    fates: list[Fate] = [*_repeated(messages, doubts)]
    sendable = []
    for message in messages:
        doubtful = message.pk in doubts
        if doubtful and message.kind == Message.Kind.NOTICE:
            continue
        if obstacle := _obstacle(message, doubtful, now):
            fates.append(obstacle)
        else:
            sendable.append(message)
    return fates + list(_fresh(sendable, doubts))


def fresh(message: Message) -> list[Fate]:
    """What is to be done with one that somebody waits for: nothing can stand in its way."""
    return list(_fresh([message], {}))


def _doubts(messages: Sequence[Message]) -> dict[UUID, DeliveryAttempt]:
    """The first try of each message whose fate is not known: what a dead worker left, or what a
    platform did not answer."""
    attempts = DeliveryAttempt.objects.filter(message__in=messages, outcome__in=IN_DOUBT)
    found = {attempt.message_id: attempt for attempt in attempts.order_by("-started_at")}
    if found:
        attempts.filter(outcome=DeliveryAttempt.Outcome.OPEN).update(
            outcome=DeliveryAttempt.Outcome.UNCERTAIN, code=_LOST
        )
    return found


def _repeated(messages: Iterable[Message], doubts: dict[UUID, DeliveryAttempt]) -> Iterator[Fate]:
    """Notices whose fate is not known: the same request again, as far as that is safe."""
    requests: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        if message.kind == Message.Kind.NOTICE and message.pk in doubts:
            requests[doubts[message.pk].request_id].append(message)
    for request_id, companions in requests.items():
        first = doubts[companions[0].pk]
        provider = providers.build(first.provider)
        params = tries.params_of(companions[0])
        if provider and params is not None and provider.can_repeat(first.started_at):
            yield Job(companions, [provider], params, request_id, first.started_at)
        else:
            reason = f"{first.provider}: {first.code or _LOST}"
            yield Moved(companions, Message.Status.UNKNOWN, reason)


def _obstacle(message: Message, doubtful: bool, now: datetime) -> Fate | None:
    """What stands in the way of sending it now."""
    if message.expires_at <= now:
        over = Message.Status.UNKNOWN if doubtful else Message.Status.EXPIRED
        return Moved([message], over, message.reason or "expired")
    if message.kind != Message.Kind.CODE and rules.get().of_phone(message.phone) == "block":
        return Moved([message], Message.Status.FAILED, "blocked")  # since it was asked for
    if message.kind == Message.Kind.NOTICE and (morning := quiet_until(now)):
        return Waits([message], (morning - now).total_seconds(), message.reason)
    if message.kind == Message.Kind.CODE and (dead := _dead_code(message)):
        return dead
    return _no_money(message)


def _no_money(message: Message) -> Fate | None:
    """While no platform could be paid there is no use in trying one after the other."""
    if message.withheld:
        return None
    try:
        if not budgets.any_set():
            return None
        text = routing.text_of(message.template)
        names = [one.name for one in routing.route(message.template, message.phone)]
        seconds = budgets.wait(names, segments=text.segments)
    except KeyError:  # the template is gone
        return None
    except exceptions.Unavailable:
        return Waits([message], 60.0, "redis")
    # Not to the end of the hour or day, as the budget may be raised before.
    return Waits([message], min(seconds, _LONGEST_WAIT), "budget") if seconds else None


def _dead_code(message: Message) -> Fate | None:
    """A code that was used, burnt or lost by Redis is not worth a text."""
    seed = bytes.fromhex(message.challenge)[2:]
    try:
        life = store.look_up(ledger.of_phone(message.phone), seed)
    except exceptions.Unavailable:
        return Waits([message], 2.0, "redis")
    if life.expires_in:
        return None
    return Moved([message], Message.Status.EXPIRED, "code is gone")


def _fresh(messages: Iterable[Message], doubts: dict[UUID, DeliveryAttempt]) -> Iterator[Fate]:
    """Jobs for messages that any platform may send: notices of one text together, no phone twice
    in a request, each code alone."""
    jobs: dict[tuple[object, ...], Job] = {}
    texts: Counter[tuple[object, ...]] = Counter()
    for message in messages:
        text = (message.template, *message.params.items(), *_apart(message))
        texts[text, message.phone] += 1
        place = (text, texts[text, message.phone])
        if place in jobs:
            jobs[place].messages.append(message)
            continue
        params = tries.params_of(message)
        route = routing.route(message.template, message.phone) if params is not None else []
        if params is None or not route:
            yield Moved([message], Message.Status.FAILED, "no template")
            continue
        if message.withheld:
            blocked = message.withheld == Message.Withheld.BLOCKED
            route = [Decoy(real.name) for real in route] if blocked else [Decoy("")]
        errors = [providers.Uncertain(_LOST)] if message.pk in doubts else []
        jobs[place] = Job([message], route, params, errors=[*errors])
    yield from jobs.values()


def _apart(message: Message) -> tuple[object, ...]:
    """What keeps it out of others' requests."""
    if message.kind != Message.Kind.NOTICE:
        return (message.pk,)
    return (phones.country(message.phone),) if conf.get().routes else ()
