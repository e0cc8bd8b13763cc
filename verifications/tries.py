"""One request to one platform: what is asked, and what came back. No database here."""

import logging
import secrets
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from . import breakers, budgets, codes, conf, exceptions, metrics, request_ids, routing
from .models import DeliveryAttempt, Message
from .providers import (
    Accepted,
    Declined,
    Duplicate,
    OverBudget,
    Provider,
    Rejected,
    SendError,
    Text,
    Throttled,
    Uncertain,
    Unreachable,
    decoy,
)

logger = logging.getLogger(__name__)

Outcome = Accepted | SendError


@dataclass(eq=False)
class Job:
    """Messages of one text, and the platforms that are still to be asked to carry them."""

    messages: list[Message]
    route: list[Provider]
    params: Mapping[str, str] = field(repr=False)
    request_id: str = field(default_factory=lambda: secrets.token_hex(16))
    # Set where this repeats a request of that time, whose fate is unknown.
    first_sent: datetime | None = None
    errors: list[SendError] = field(default_factory=list)  # of the platforms asked so far


@dataclass(eq=False)
class Try:
    """A job at the first platform of its route. `outcomes` stand in the order of its messages."""

    job: Job
    attempts: list[DeliveryAttempt]
    outcomes: list[Outcome] = field(default_factory=list)
    of_all: bool = False  # the platform gave one error for all phones
    purchase: budgets.Purchase = budgets.NOTHING  # of its first messages
    unpaid: SendError = field(default_factory=lambda: OverBudget(1))  # of the others

    @property
    def provider(self) -> Provider:
        return self.job.route[0]


def params_of(message: Message) -> dict[str, str] | None:
    """What fills the template, in the order of its places; None where it cannot be filled any
    more, since the template was changed or the code's secret key is gone."""
    values = dict(message.params)
    if message.challenge:
        code = codes.code_of(message.challenge, conf.get().code_length)
        if code is None:
            return None
        values["code"] = code
    try:
        return {name: values[name] for name in routing.text_of(message.template).params}
    except KeyError:
        return None


def new_attempts(job: Job, started_at: datetime) -> list[DeliveryAttempt]:
    return [
        DeliveryAttempt(
            message_id=message.id,
            provider=job.route[0].name,
            request_id=job.request_id,
            started_at=started_at,
        )
        for message in job.messages
    ]


def make(wave: Sequence[Try]) -> None:
    """Ask the platforms, all tries at once, and note what came back. A platform is asked for as
    many texts as there is money for."""
    for tried in wave:
        _pay(tried)  # here, where the budgets may have to be read from the database
    asked = [tried for tried in wave if tried.purchase.texts]
    if len(asked) == 1:
        _make(asked[0])
    else:
        threads = _threads(conf.get().concurrency)
        # With the context, of which each thread needs a copy: a line of the log names its request.
        made = [threads.submit(copy_context().run, _make, tried) for tried in asked]
        for one in made:
            one.result()
    for tried in wave:
        _note_unpaid(tried)


@lru_cache(maxsize=1)
def _threads(count: int) -> ThreadPoolExecutor:
    """Kept, as each thread keeps its connections to the platforms."""
    return ThreadPoolExecutor(count, thread_name_prefix="sms")


def _pay(tried: Try) -> None:
    """A repeated request is paid once more, since nobody knows of the first; and it is for all of
    its phones or for none, as a part of them would be another request."""
    job = tried.job
    if not tried.provider.real:
        tried.purchase = budgets.Purchase(len(job.messages))
        return
    segments = routing.text_of(job.messages[0].template).segments
    whole = job.first_sent is not None
    try:
        tried.purchase = budgets.take(
            tried.provider.name, len(job.messages), segments=segments, whole=whole
        )
        tried.unpaid = OverBudget(tried.purchase.retry_after)
    except exceptions.Unavailable:
        tried.unpaid = Unreachable("no_budget", "not to be asked")


def _make(tried: Try) -> None:
    job, provider, paid = tried.job, tried.provider, tried.purchase.texts
    text = Text(
        [message.phone for message in job.messages[:paid]],
        routing.text_of(job.messages[0].template).ids.get(provider.name, ""),
        job.params,
        job.request_id,
    )
    with request_ids.of(job.messages[0].request_id):
        _ask_and_note(tried, text)


def _ask_and_note(tried: Try, text: Text) -> None:
    job, provider, paid = tried.job, tried.provider, len(text.phones)
    started = time.perf_counter()
    outcomes = _ask(tried, text)
    seconds = time.perf_counter() - started
    lost = Uncertain("no outcome for this phone")
    tried.outcomes = [outcomes.get(phone, lost) for phone in text.phones]
    attempts = tried.attempts[:paid]
    for attempt, outcome in zip(attempts, tried.outcomes, strict=True):
        attempt.latency_ms = round(seconds * 1000)
        _note(attempt, outcome)
    with suppress(exceptions.Unavailable):
        untaken = sum(_is_untaken(outcome, job) for outcome in tried.outcomes)
        budgets.give_back(tried.purchase, untaken)
    errors = [outcome for outcome in tried.outcomes if isinstance(outcome, SendError)]
    for outcome_name in {attempt.outcome for attempt in attempts}:
        metrics.ATTEMPTS.labels(provider.name, outcome_name).observe(seconds)
    _tell(tried, errors)
    if not provider.real:
        return
    if job.messages[0].kind == Message.Kind.CODE and not isinstance(tried.outcomes[0], Rejected):
        decoy.learn(provider.name, seconds, errors[0] if errors else None)
    fault = bool(errors) and all(map(_is_fault, tried.outcomes))
    if breakers.report(provider.name, ok=not fault):
        failures, wait = conf.get().breaker
        logger.error(
            "%s: failed %d times in a row, passed over for %d seconds",
            provider.name,
            failures,
            wait,
            extra={"provider": provider.name},
        )


def _tell(tried: Try, errors: Sequence[SendError]) -> None:
    """One line a request."""
    name, texts = tried.provider.name, len(tried.outcomes)
    # Of several that fared differently, one that went wrong.
    shown = max(tried.attempts[:texts], key=lambda attempt: bool(attempt.code))
    told = {
        "provider": name,
        "outcome": str(shown.outcome),
        "code": shown.code,
        "latency_ms": shown.latency_ms,
        "messages": texts,
        "message_id": str(shown.message_id) if texts == 1 else "",
        "provider_request_id": tried.job.request_id,
    }
    if errors:
        logger.warning("%s: %d of %d: %s", name, len(errors), texts, errors[0], extra=told)
    else:
        logger.info("%s: took %d of %d", name, texts, texts, extra=told)


def _note_unpaid(tried: Try) -> None:
    attempts = tried.attempts[tried.purchase.texts :]
    for attempt in attempts:
        tried.outcomes.append(tried.unpaid)
        _note(attempt, tried.unpaid)
    if attempts:
        logger.warning(
            "%s: not asked for %d of %d: %s",
            tried.provider.name,
            len(attempts),
            len(tried.attempts),
            tried.unpaid,
        )


def _ask(tried: Try, text: Text) -> Mapping[str, Outcome]:
    try:
        return tried.provider.send(text)
    except SendError as error:
        tried.of_all = True
        return dict.fromkeys(text.phones, error)
    except Exception as error:
        # A fault of ours, after which nobody knows. Its text may hold a phone or a code.
        logger.error("%s: %s in send()", tried.provider.name, type(error).__name__)
        tried.of_all = True
        return dict.fromkeys(text.phones, Uncertain(type(error).__name__))


def _note(attempt: DeliveryAttempt, outcome: Outcome) -> None:
    kinds = DeliveryAttempt.Outcome
    if isinstance(outcome, Accepted):
        attempt.outcome, attempt.provider_message_id = kinds.SENT, outcome.message_id[:64]
        return
    attempt.code = outcome.code[:64]
    attempt.outcome = kinds.UNAVAILABLE
    if isinstance(outcome, Rejected):
        attempt.outcome = kinds.REJECTED
    elif isinstance(outcome, Uncertain):
        attempt.outcome = kinds.UNCERTAIN


def _is_untaken(outcome: Outcome, job: Job) -> bool:
    """Whether the platform surely charges nothing for it."""
    if isinstance(outcome, Duplicate):
        return job.first_sent is not None  # it took the first, which was paid too
    return not isinstance(outcome, Accepted | Uncertain)


def _is_fault(outcome: Outcome) -> bool:
    """Whether it speaks against the platform, rather than against this text or our speed."""
    return isinstance(outcome, SendError) and not isinstance(
        outcome, Declined | Duplicate | Rejected | Throttled
    )
