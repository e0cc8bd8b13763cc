"""What an attack is given, and what is seen of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.attacks.shoppers import Served
from tests.attacks.wire import Answer, Swarm
from tests.attacks.world import World


@dataclass(frozen=True)
class Arena:
    world: World
    swarm: Swarm
    scale: float = 1.0  # of the number of requests; bounds are the same at any

    def many(self, number: int) -> int:
        return max(40, round(number * self.scale))


@dataclass
class Seen:
    """`values` are what bounds.py has bounds for, beside what is counted here."""

    requests: int = 0
    errors: int = 0  # 5xx, and connections that ended without an answer
    texts: int = 0
    guesses: int = 0  # that were compared with a code
    values: dict[str, float] = field(default_factory=dict)
    served: Served | None = None  # where the attack brought honest shoppers of its own

    def count(self, answers: Iterable[Answer]) -> None:
        for answer in answers:
            self.requests += 1
            self.errors += answer.status == 0 or answer.status >= 500
            self.guesses += was_compared(answer)


def was_compared(answer: Answer) -> bool:
    return answer.code == "code_incorrect" or "verified" in answer.body
