"""`celery -A tests.queue.watched`: the workers, telling who talks to RabbitMQ on another's
connection: what belongs to the main thread is done by another, and both then wait for ever."""

import threading
from typing import Any

from amqp import Channel

from dadashop.celery import app

__all__ = ["app"]

STRANGER = "basic_qos outside the main thread"
_basic_qos = Channel.basic_qos


def _watched(self: Channel, *arguments: Any, **options: Any) -> Any:
    if threading.current_thread() is not threading.main_thread():
        print(STRANGER, flush=True)  # noqa: T201 (to the log of the stack)
    return _basic_qos(self, *arguments, **options)


Channel.basic_qos = _watched  # type: ignore[method-assign]
