"""clientToken: the same request sent again is answered again, and texts nobody."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sandbox.baidu import codes
from sandbox.baidu.body import Fields
from sandbox.baidu.codes import PlatformError
from sandbox.wire import Answer

VALID_FOR = timedelta(minutes=3)


class _First(NamedTuple):
    at: datetime
    fields: Fields
    answer: Answer


class Tokens:
    """What was answered under each token of the last three minutes, per account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], _First] = {}  # oldest first

    def once(
        self, key: tuple[str, str], fields: Fields, now: datetime, send: Callable[[], Answer]
    ) -> Answer:
        """The first answer under `key` (account, token); `send` is called if there is none.

        Raises PlatformError if the fields differ, or what `send` raises, and then the token stays
        free. Of two at once, one sends and the other waits for its answer.
        """
        with self._lock:
            self._forget(now)
            first = self._known.get(key)
            if first is None:
                self._known[key] = first = _First(now, fields, send())
            elif first.fields != fields:
                raise PlatformError(codes.TOKEN_MISMATCH)
            return first.answer

    def _forget(self, now: datetime) -> None:
        while self._known:
            key, oldest = next(iter(self._known.items()))
            if now - oldest.at < VALID_FOR:
                return
            del self._known[key]
