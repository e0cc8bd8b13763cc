"""A platform at which a worker comes to grief at a given step of a send: see deaths.py."""

import itertools
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch
from uuid import UUID

from django.db import connections
from django.utils.module_loading import import_string

from tests.reliability import deaths
from verifications import delivery
from verifications.fates import Fate
from verifications.providers import Accepted, Provider, Push, Receipt, SendError, Text
from verifications.tries import Try

_EVERY = 4  # sends to one phone
_FROZEN = 8  # seconds, more than CLAIM_TTL


class Mortal(Provider):
    """The platform of class `backend`. `deaths` is a directory of deaths.py."""

    def __init__(self, *, backend: str, step: str, deaths: str, **options: Any) -> None:
        self._platform: Provider = import_string(backend)(**options)
        self.name = self._platform.name
        self.batch_limit = self._platform.batch_limit
        self._step = step
        self._deaths = Path(deaths) if deaths else None
        self._sends = itertools.count(1)
        # Else the second might freeze when all have been woken up.
        self._one_at_a_time = threading.Lock()

    def send(self, text: Text) -> Mapping[str, Accepted | SendError]:
        if self._deaths is None or not self._dies_over(text, self._deaths):
            return self._platform.send(text)
        if self._step == "frozen before the call":
            with deaths.asleep(self._deaths, text.request_id):
                with self._one_at_a_time:
                    _freeze()
                return self._platform.send(text)
        if self._step == "killed before the call":
            _die()
        if self._step == "killed during the call":
            patch.object(HTTPConnection, "getresponse", _die).start()
        outcomes = self._platform.send(text)
        if self._step == "killed after the answer":
            _die()
        _die_in_settling(text.request_id, after=self._step == "killed after the commit")
        return outcomes

    def can_repeat(self, first_sent: datetime) -> bool:
        return self._platform.can_repeat(first_sent)

    def read_receipts(self, push: Push) -> list[Receipt]:
        return self._platform.read_receipts(push)

    def acknowledge(self, push: Push) -> tuple[str, bytes]:
        return self._platform.acknowledge(push)

    def pull_receipts(self) -> list[Receipt]:
        return self._platform.pull_receipts()

    def _dies_over(self, text: Text, place: Path) -> bool:
        if len(text.phones) > 1:
            return deaths.take(place, deaths.BATCHES)
        return next(self._sends) % _EVERY == 0 and deaths.take(place, deaths.SINGLES)


def _die_in_settling(request_id: str, *, after: bool) -> None:
    settle = delivery._settle

    def die(claim: UUID, wave: Sequence[Try], fates: Sequence[Fate]) -> None:
        ours = any(tried.job.request_id == request_id for tried in wave)
        if ours and not after:
            patch.object(connections["default"], "commit", _die).start()
        settle(claim, wave, fates)
        if ours:
            _die()

    patch.object(delivery, "_settle", die).start()


def _die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    while True:
        signal.pause()


def _freeze() -> None:
    subprocess.Popen(["/bin/sh", "-c", f"sleep {_FROZEN}; kill -CONT {os.getpid()}"])
    os.kill(os.getpid(), signal.SIGSTOP)
