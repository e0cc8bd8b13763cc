"""The provider that keeps texts in memory instead of sending them, as Django's mail outbox does."""

from collections import deque

from .base import Accepted, Provider, Text

outbox: deque[Text] = deque(maxlen=1000)


class LocMem(Provider):
    """For tests and benchmarks."""

    name = "locmem"
    batch_limit = 1000

    def send(self, text: Text) -> Accepted:
        outbox.append(text)
        return Accepted(message_id=text.request_id)
