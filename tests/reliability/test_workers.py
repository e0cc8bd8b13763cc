"""A worker dies or freezes in the middle of a send."""

import pytest

from tests.reliability.cases import Case, run
from tests.reliability.tally import Tally

pytestmark = pytest.mark.live

NOTICES = 60


def _run(case: Case) -> Tally:
    seen = run(case, NOTICES)
    assert not case.wrong(seen, NOTICES)
    return seen


def test_a_repeat_tells_what_a_killed_worker_had_sent() -> None:
    seen = _run(Case("cloopen", step="killed during the call"))
    assert (seen.count("sent"), seen.texts) == (NOTICES, NOTICES)


def test_what_is_sent_but_not_committed_is_not_sent_again() -> None:
    seen = _run(Case("baidu", step="killed before the commit"))
    assert (seen.count("sent"), seen.texts) == (NOTICES, NOTICES)


def test_a_receipt_tells_where_nothing_can_be_repeated() -> None:
    seen = _run(Case("tencent", step="killed after the answer", receipts=True))
    assert seen.silent >= NOTICES // 4  # a batch, whose answer went with its worker
    assert seen.count("delivered") == seen.texts


def test_what_nobody_can_know_is_unknown_and_not_sent_again() -> None:
    seen = _run(Case("aliyun", step="killed before the call"))
    assert seen.count("unknown") >= NOTICES // 4
    assert seen.texts <= NOTICES - NOTICES // 4  # the batch that was not sent
