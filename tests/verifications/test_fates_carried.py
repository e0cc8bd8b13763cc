"""What goes along when a try's messages part, or go on to another platform."""

from datetime import datetime

import pytest

from tests.verifications.test_fates import CODE, NOTICE, THEN, UNCERTAIN, Case
from verifications.fates import Fate, Moved, Waits
from verifications.models import Message
from verifications.providers import base
from verifications.tries import Job

BUSY = base.Throttled("1")


def _jobs(fates: list[Fate]) -> list[Job]:
    return [fate for fate in fates if isinstance(fate, Job)]


@pytest.mark.parametrize("phones", [2, 3])
def test_numbers_of_which_one_is_bad_go_on_alone_with_all_that_was_known(phones: int) -> None:
    case = Case(NOTICE, phones=phones, earlier=[BUSY])
    jobs = _jobs(case.all(base.Rejected("160042")))
    assert len(jobs) == phones
    assert all((job.params, job.errors) == ({"a": "b"}, [BUSY]) for job in jobs)


def test_another_platform_is_told_the_same_text() -> None:
    (job,) = _jobs(Case(CODE, earlier=[BUSY]).all(UNCERTAIN))
    assert (job.params, job.errors) == ({"a": "b"}, [BUSY, UNCERTAIN])


def test_each_number_has_the_reason_that_was_given_for_it() -> None:
    case = Case(NOTICE, phones=3)
    fates = case.each(base.Rejected("1"), base.Rejected("2"), base.Rejected("1"))
    first, second, third = case.messages
    assert fates == [
        Moved([first, third], Message.Status.FAILED, "first: 1"),
        Moved([second], Message.Status.FAILED, "first: 2"),
    ]


@pytest.mark.parametrize("repeated", [False, True])
def test_whether_it_can_be_repeated_depends_on_when_it_was_first_sent(
    repeated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, asked = Case(NOTICE, repeated=repeated), list[datetime]()

    def can_repeat(first_sent: datetime) -> bool:
        asked.append(first_sent)
        return True

    monkeypatch.setattr(case.first, "can_repeat", can_repeat)
    (waits,) = case.all(UNCERTAIN)
    assert asked == [THEN]
    assert isinstance(waits, Waits)
    assert 1 <= waits.seconds <= 2
