"""What the oracle sees, and what it passes over."""

import random
from typing import Any

import pytest

from tests.attacks.oracle import judge
from tests.attacks.wire import Answer

KINDS = ("account", "no account", "blocked")


def _answers(chance: random.Random, shift: float = 0.0, **changed: Any) -> list[Answer]:
    body = {"phone": "138****0001", "status": "sent", "resend_after": 60}
    return [
        Answer(
            changed.get("status", 202),
            (("Date", str(n)), *changed.get("headers", ())),
            {**body, "id": str(n), **changed.get("body", {})},
            chance.gauss(0.025, 0.002) + shift,
        )
        for n in range(500)
    ]


def _told(**changed: Any) -> list[str]:
    """About blocked phones, whose answers are changed."""
    chance = random.Random(5)
    kinds = {kind: _answers(chance) for kind in KINDS}
    kinds["blocked"] = _answers(chance, **changed)
    return judge({"send": kinds})[1]


def test_what_is_alike_tells_nothing() -> None:
    assert not _told()


@pytest.mark.parametrize(
    "change",
    [
        {"status": 403},
        {"headers": (("Retry-After", "5"),)},
        {"body": {"status": "queued"}},
        {"body": {"blocked": True}},
    ],
)
def test_any_other_answer_tells(change: dict[str, Any]) -> None:
    assert _told(**change) == ["send: the answers of blocked and no account differ"]


def test_a_millisecond_more_tells() -> None:
    assert _told(shift=0.001) == ["send: the times of blocked and no account differ"]
