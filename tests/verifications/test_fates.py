"""What a try means for its messages: the table of fates.py, row by row."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tests.verifications.platforms import Fake
from verifications.fates import Fate, Moved, Waits, judge
from verifications.models import DeliveryAttempt, Message
from verifications.providers import Accepted, SendError, base
from verifications.tries import Job, Outcome, Try

CODE, NOTICE = Message.Kind.CODE, Message.Kind.NOTICE
BOTH = pytest.mark.parametrize("kind", [CODE, NOTICE])
THEN = datetime(2026, 1, 1, tzinfo=UTC)
UNCERTAIN = base.Uncertain("ReadTimeout")


class Case:
    """A try by the first of two platforms, or by the last that is left."""

    def __init__(
        self,
        kind: Message.Kind,
        *,
        phones: int = 1,
        last: bool = False,
        earlier: Sequence[SendError] = (),
        repeated: bool = False,
        repeatable: bool = False,
        rounds: int = 0,
    ) -> None:
        self.messages = [
            Message(phone=f"+86{13_800_138_000 + n}", kind=kind, rounds=rounds)
            for n in range(phones)
        ]
        self.first, self.second = Fake("first"), Fake("second")
        self.first.repeatable = repeatable
        route = [self.first] if last else [self.first, self.second]
        self.job = Job(self.messages, [*route], {"a": "b"}, errors=[*earlier])
        self.job.first_sent = THEN if repeated else None

    def all(self, error: SendError) -> list[Fate]:
        """Their fates after one error for the whole request."""
        return self._judge([error] * len(self.messages), of_all=True)

    def each(self, *outcomes: Outcome) -> list[Fate]:
        return self._judge(outcomes, of_all=False)

    def _judge(self, outcomes: Sequence[Outcome], *, of_all: bool) -> list[Fate]:
        attempts = [DeliveryAttempt(message=one, started_at=THEN) for one in self.messages]
        return list(judge(Try(self.job, attempts, list(outcomes), of_all)))


@BOTH
def test_took_it(kind: Message.Kind) -> None:
    case = Case(kind, phones=2)
    assert case.each(Accepted("1"), Accepted("2")) == [Moved(case.messages, Message.Status.SENT)]


@BOTH
def test_calls_the_number_bad(kind: Message.Kind) -> None:
    case = Case(kind)
    moved = [Moved(case.messages, Message.Status.FAILED, "first: 160042")]
    assert case.all(base.Rejected("160042")) == case.each(base.Rejected("160042")) == moved


def test_calls_one_of_several_numbers_bad() -> None:
    case = Case(NOTICE, phones=3)
    good, bad, other = case.messages
    fates = case.each(Accepted("1"), base.Rejected("160042"), Accepted("2"))
    assert fates == [
        Moved([good, other], Message.Status.SENT),
        Moved([bad], Message.Status.FAILED, "first: 160042"),
    ]


def test_calls_one_of_several_numbers_bad_without_saying_which() -> None:
    case = Case(NOTICE, phones=3)
    alone = case.all(base.Rejected("160042"))
    assert all(isinstance(job, Job) for job in alone)
    jobs = [job for job in alone if isinstance(job, Job)]
    assert [job.messages for job in jobs] == [[message] for message in case.messages]
    assert all(job.route == [case.first, case.second] for job in jobs)
    assert len({job.request_id for job in jobs} | {case.job.request_id}) == 4
    assert all(job.first_sent is None for job in jobs)


@BOTH
@pytest.mark.parametrize(
    "error", [base.Unavailable("160014"), base.Throttled("1"), base.OverBudget(60)]
)
def test_surely_did_not_take_it(error: SendError, kind: Message.Kind) -> None:
    case = Case(kind)
    (job,) = case.all(error)
    assert isinstance(job, Job)
    assert (job.messages, job.route) == (case.messages, [case.second])
    assert job.errors == [error]
    assert job.request_id != case.job.request_id


@BOTH
def test_surely_did_not_take_it_and_was_the_last(kind: Message.Kind) -> None:
    case = Case(kind, last=True, earlier=[base.Declined("160021")])
    (waits,) = case.all(base.Unreachable("HTTP 500"))
    assert isinstance(waits, Waits)
    assert (waits.messages, waits.reason) == (case.messages, "first: HTTP 500")


@BOTH
def test_did_not_take_it_by_its_rules_as_did_all(kind: Message.Kind) -> None:
    case = Case(kind, last=True, earlier=[base.Declined("isv.LIMIT")])
    moved = Moved(case.messages, Message.Status.FAILED, "first: 160021")
    assert case.all(base.Declined("160021")) == [moved]


@BOTH
def test_was_not_asked_for_want_of_money_and_was_the_last(kind: Message.Kind) -> None:
    case = Case(kind, last=True, earlier=[base.Declined("160021")])
    (waits,) = case.all(base.OverBudget(60))
    assert isinstance(waits, Waits)
    assert waits.reason == "first: budget"


def test_was_asked_for_as_many_as_were_paid_for() -> None:
    case = Case(NOTICE, phones=3)
    sent, rest = case.each(Accepted("1"), base.OverBudget(60), base.OverBudget(60))
    assert sent == Moved(case.messages[:1], Message.Status.SENT)
    assert isinstance(rest, Job)
    assert (rest.messages, rest.route) == (case.messages[1:], [case.second])


@BOTH
def test_did_not_take_it_by_its_rules_but_others_may(kind: Message.Kind) -> None:
    (job,) = Case(kind).all(base.Declined("160021"))
    assert isinstance(job, Job)


def test_may_have_taken_a_code() -> None:
    (job,) = Case(CODE).all(UNCERTAIN)
    assert isinstance(job, Job)
    assert job.errors == [UNCERTAIN]
    for last in (UNCERTAIN, base.Unavailable("160014"), base.Rejected("160042")):
        case = Case(CODE, last=True, earlier=[UNCERTAIN])
        moved = Moved(case.messages, Message.Status.UNKNOWN, f"first: {last.code}")
        assert case.all(last) == [moved]


def test_may_have_taken_a_code_alone() -> None:
    case = Case(CODE, last=True)
    unknown = Moved(case.messages, Message.Status.UNKNOWN, "first: ReadTimeout")
    assert case.all(UNCERTAIN) == [unknown]


def test_may_have_taken_a_notice_that_can_be_repeated() -> None:
    case = Case(NOTICE, phones=2, repeatable=True)
    (waits,) = case.all(UNCERTAIN)
    assert isinstance(waits, Waits)
    assert (waits.messages, waits.reason) == (case.messages, "first: ReadTimeout")


def test_may_have_taken_a_notice_that_cannot() -> None:
    case = Case(NOTICE)  # there is another platform, which would text it twice
    assert case.all(UNCERTAIN) == [
        Moved(case.messages, Message.Status.UNKNOWN, "first: ReadTimeout")
    ]


def test_a_repetition_that_the_platform_knows_was_sent_the_first_time() -> None:
    case = Case(NOTICE, repeated=True)
    assert case.all(base.Duplicate("160054")) == [Moved(case.messages, Message.Status.SENT)]


def test_a_new_request_that_the_platform_knows_is_a_riddle() -> None:
    case = Case(NOTICE)
    unknown = Moved(case.messages, Message.Status.UNKNOWN, "first: 160054")
    assert case.all(base.Duplicate("160054")) == [unknown]


@pytest.mark.parametrize(
    "error",
    [
        UNCERTAIN,
        base.Unreachable("HTTP 500"),
        base.Declined("1"),
        base.Rejected("160042"),
        base.OverBudget(60),
    ],
)
def test_whatever_else_a_repetition_meets_says_nothing_of_the_first(error: SendError) -> None:
    (waits,) = Case(NOTICE, phones=2, repeated=True, repeatable=True).all(error)
    assert isinstance(waits, Waits)
    case = Case(NOTICE, phones=2, repeated=True)
    assert case.all(error) == [Moved(case.messages, Message.Status.UNKNOWN, f"first: {error.code}")]


def test_a_repetition_that_tells_of_each_number_is_believed() -> None:
    case = Case(NOTICE, phones=2, repeated=True)
    assert case.each(Accepted("1"), base.Rejected("160042")) == [
        Moved(case.messages[:1], Message.Status.SENT),
        Moved(case.messages[1:], Message.Status.FAILED, "first: 160042"),
    ]


@pytest.mark.parametrize(
    ("rounds", "shortest", "longest"), [(0, 1, 2), (1, 2, 4), (5, 32, 64), (8, 150, 300)]
)
def test_waits_double_and_differ(rounds: int, shortest: float, longest: float) -> None:
    waits = []
    for _ in range(50):
        (fate,) = Case(CODE, last=True, rounds=rounds).all(base.Unreachable("x"))
        assert isinstance(fate, Waits)
        waits.append(fate.seconds)
    assert all(shortest <= seconds <= longest for seconds in waits)
    assert len(set(waits)) > 40


def test_a_thousand_rounds_are_no_arithmetic_error() -> None:
    (fate,) = Case(CODE, last=True, rounds=32_767).all(base.Unreachable("x"))
    assert isinstance(fate, Waits)
    assert fate.seconds <= 300


def test_a_reason_fits_its_column() -> None:
    case = Case(CODE, last=True)
    (moved,) = case.all(base.Declined("x" * 100))
    assert isinstance(moved, Moved)
    assert len(moved.reason) == Message._meta.get_field("reason").max_length
