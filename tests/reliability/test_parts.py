"""A part is lost in the middle of sending, or the platform falls silent."""

import pytest

from tests.reliability.cases import Case, run

pytestmark = pytest.mark.live

NOTICES = 60


def _texts(case: Case) -> int:
    seen = run(case, NOTICES)
    assert not case.wrong(seen, NOTICES)
    return seen.texts


def test_what_a_broker_forgets_is_sent_all_the_same() -> None:
    assert _texts(Case("cloopen", lost="Valkey, the broker")) == NOTICES


def test_what_a_platform_took_in_silence_is_not_sent_twice() -> None:
    assert _texts(Case("baidu", fault="timeout_after")) == NOTICES
