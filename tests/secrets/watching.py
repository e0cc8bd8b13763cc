"""Sentry as a project would set it up, with its default options: all that it would have sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport


class Watch(Transport):
    """`told` is everything, as it goes over the wire; `errors` and `requests` count what it is."""

    def __init__(self) -> None:
        super().__init__()
        self.told = ""
        self.errors = self.requests = 0

    def capture_envelope(self, envelope: Envelope) -> None:
        self.told += envelope.serialize().decode()
        self.errors += envelope.get_event() is not None
        self.requests += envelope.get_transaction_event() is not None


@contextmanager
def watching() -> Iterator[Watch]:
    """Sentry cannot be taken out of a process again; without its client it does nothing."""
    watch = Watch()
    client = sentry_sdk.Client(
        dsn="http://key@127.0.0.1:1/1",
        transport=watch,
        integrations=[DjangoIntegration(), CeleryIntegration(), LoggingIntegration()],
        traces_sample_rate=1.0,
        max_breadcrumbs=1000,
    )
    everywhere: Any = sentry_sdk.get_global_scope()
    everywhere.set_client(client)
    try:
        with sentry_sdk.isolation_scope():
            yield watch
            client.flush()
    finally:
        everywhere.set_client(None)
