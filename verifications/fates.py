"""What a try means for its messages: pure rules, no input and no output.

| the platform                     | a code                         | a notice                     |
|----------------------------------|--------------------------------|------------------------------|
| took it                          | sent                           | sent                         |
| calls the number bad             | failed                         | failed                       |
| calls one of several numbers bad |                                | each alone                   |
| surely did not take it           | next platform; then all, later | the same                     |
| ... by its rules, as did all     | failed                         | failed                       |
| may have taken it                | next platform; else unknown    | the same request again where |
|                                  |                                | that is safe; else unknown   |
"""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .models import Message
from .providers import Accepted, Declined, Duplicate, Rejected, SendError, Unavailable, Uncertain
from .tries import Job, Try

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 300.0  # seconds
_chance = random.SystemRandom()


class Moved(NamedTuple):
    """To a state, with the reason where it is not a good one."""

    messages: list[Message]
    status: Message.Status
    reason: str = ""


class Waits(NamedTuple):
    """Still queued, until `seconds` have passed."""

    messages: list[Message]
    seconds: float
    reason: str


Fate = Moved | Waits | Job


def judge(tried: Try) -> Iterator[Fate]:
    """The fate of each message of the try, alike ones together."""
    alike: dict[tuple[type, str], list[int]] = {}
    for place, outcome in enumerate(tried.outcomes):
        code = outcome.code if isinstance(outcome, SendError) else ""
        alike.setdefault((_kind(tried, outcome), code), []).append(place)
    for (kind, _), places in alike.items():
        messages = [tried.job.messages[place] for place in places]
        outcome = tried.outcomes[places[0]]
        if kind is Accepted or isinstance(outcome, Accepted):
            yield Moved(messages, Message.Status.SENT)
        else:
            yield from _RULES[kind](tried, messages, outcome)


def _kind(tried: Try, outcome: Accepted | SendError) -> type:
    if isinstance(outcome, Accepted):
        return Accepted
    repeats = tried.job.first_sent is not None
    if isinstance(outcome, Duplicate) and repeats:
        return Accepted  # the platform says that it took the first
    if isinstance(outcome, Rejected) and not (repeats and tried.of_all):
        return Rejected
    # Whatever a repeated request meets now, it says nothing of the first.
    return Uncertain if repeats or isinstance(outcome, Uncertain) else Unavailable


def _rejected(tried: Try, messages: list[Message], error: SendError) -> Iterator[Fate]:
    if tried.of_all and len(messages) > 1:
        for message in messages:
            yield Job([message], tried.job.route, tried.job.params, errors=tried.job.errors)
    elif any(isinstance(earlier, Uncertain) for earlier in tried.job.errors):
        yield Moved(messages, Message.Status.UNKNOWN, reason_of(tried, error))
    else:
        yield Moved(messages, Message.Status.FAILED, reason_of(tried, error))


def _unavailable(tried: Try, messages: list[Message], error: SendError) -> Iterator[Fate]:
    job = tried.job
    after = Job(messages, job.route[1:], job.params, errors=[*job.errors, error])
    yield after if after.route else _exhausted(after, reason_of(tried, error))


def _uncertain(tried: Try, messages: list[Message], error: SendError) -> Iterator[Fate]:
    if messages[0].kind != Message.Kind.NOTICE:
        yield from _unavailable(tried, messages, error)
    elif tried.provider.can_repeat(tried.job.first_sent or tried.attempts[0].started_at):
        yield Waits(messages, _wait(messages), reason_of(tried, error))
    else:
        yield Moved(messages, Message.Status.UNKNOWN, reason_of(tried, error))


_RULES: dict[type, Callable[[Try, list[Message], SendError], Iterator[Fate]]] = {
    Rejected: _rejected,
    Unavailable: _unavailable,
    Uncertain: _uncertain,
}


def _exhausted(job: Job, reason: str) -> Fate:
    if any(isinstance(error, Uncertain) for error in job.errors):
        return Moved(job.messages, Message.Status.UNKNOWN, reason)
    if all(isinstance(error, Declined) for error in job.errors):
        return Moved(job.messages, Message.Status.FAILED, reason)
    return Waits(job.messages, _wait(job.messages), reason)


def _wait(messages: list[Message]) -> float:
    """Seconds: doubled with every round, and by chance up to a half shorter, so that what failed
    together does not come back together."""
    rounds = max(message.rounds for message in messages)
    return min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(rounds, 10)) * _chance.uniform(0.5, 1)


def reason_of(tried: Try, error: SendError) -> str:
    return f"{tried.provider.name}: {error.code}"[:64]
