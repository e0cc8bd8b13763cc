"""The provider that keeps texts in memory instead of sending them, as Django's mail outbox does."""

from collections import deque
from collections.abc import Callable

from .base import Accepted, Provider, SendError, Text

outbox: deque[Text] = deque(maxlen=1000)


class LocMem(Provider):
    """For tests and benchmarks. `take` is given each text instead of `outbox`; what it raises is
    what became of the text."""

    name = "locmem"
    batch_limit = 1000

    def __init__(self, *, take: Callable[[Text], None] = outbox.append) -> None:
        self._take = take

    def send(self, text: Text) -> dict[str, Accepted | SendError]:
        self._take(text)
        return dict.fromkeys(text.phones, Accepted(message_id=text.request_id))
