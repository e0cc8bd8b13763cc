"""Codes on their way from the web to a worker: in Redis, where the step that reserves a code also
puts its text.

So a reservation never stands there without its text, and a shopper waits for neither the database
nor the queue. It may wait in Redis, since a code is worth nothing without what Redis knows of it:
both are kept or lost together. A worker writes the row, takes the text out of here, and sends it.

    <prefix>:{4}outbox         a sorted set: ids of messages, by when a worker may take them (ms)
    <prefix>:{4}outbox:texts   a hash: id -> lua/issue.lua's head, and a Text
"""

import logging
import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from . import codes, records, request_ids, scripts, store
from .models import Message

logger = logging.getLogger(__name__)

_HEAD = struct.Struct(">6s6s2s10s")  # reserved, end of life (ms), mark and seed of the challenge
_encoder = msgspec.msgpack.Encoder()


class Text(msgspec.Struct, array_like=True, frozen=True):
    """What is known of a text before Redis has decided on it."""

    phone: bytes  # veiled: Redis is shared with the mall
    purpose: str
    withheld: str
    request_id: str  # for the worker's lines of the log


_decoder = msgspec.msgpack.Decoder(Text)


class Waiting(NamedTuple):
    """What lies in the outbox."""

    messages: int
    since: datetime | None  # of the oldest


class Draft(NamedTuple):
    """The text of a code that Redis has not decided on yet."""

    id: UUID
    phone: str  # E.164
    purpose: str
    withheld: str

    def message(self, at_ms: int, expires_ms: int, challenge: str) -> Message:
        """What comes of it where Redis let it through; not written yet."""
        created = datetime.fromtimestamp(at_ms / 1000, UTC)
        life = (expires_ms - at_ms) // 1000
        return Message(
            id=self.id,
            phone=self.phone,
            kind=Message.Kind.CODE,
            template=self.purpose,
            params={"minutes": str(life // 60)},  # rounded down, so that the text is true
            challenge=challenge,
            withheld=self.withheld,
            created_at=created,
            updated_at=created,
            expires_at=created + timedelta(seconds=life),
            due_at=created,
        )


def letter(draft: Draft) -> records.Letter:
    """To be put here by store.issue()."""
    id_ = draft.id.bytes
    phone = codes.veil(draft.phone, id_)
    text = Text(phone, draft.purpose, draft.withheld, request_ids.current())
    return records.Letter(id_, _encoder.encode(text))


def take(most: int, lease: float) -> list[Message]:
    """Up to so many texts, the oldest first, that nobody else is given for `lease` seconds; none of
    them written yet, unless by a worker that died then. Raises Unavailable."""
    taken = scripts.run("take", store.outbox_keys(), store.ahead_ms, round(lease * 1000), most)
    messages = [_message(id_, raw) if raw else None for id_, raw in zip(*taken, strict=True)]
    if lost := [id_ for id_, found in zip(taken[0], messages, strict=True) if not found]:
        logger.error("outbox: %d of %d texts cannot be read", len(lost), len(messages))
        scripts.run("drop", store.outbox_keys(), *lost)
    return [message for message in messages if message]


def drop(messages: Iterable[Message]) -> None:
    """These have a row now. Raises Unavailable."""
    if ids := [message.pk.bytes for message in messages]:
        scripts.run("drop", store.outbox_keys(), *ids)


def find(id_: UUID) -> Message | None:
    """One that waits here. Raises Unavailable."""
    _queue, texts = store.outbox_keys()
    raw = scripts.command("HGET", texts, id_.bytes)
    return _message(id_.bytes, raw) if raw else None


def waiting() -> Waiting:
    """Raises Unavailable."""
    queue, texts = store.outbox_keys()
    count = int(scripts.command("HLEN", texts))
    ids = scripts.command("ZRANGE", queue, 0, 0) if count else []
    oldest = find(UUID(bytes=ids[0])) if ids else None
    return Waiting(count, oldest.created_at if oldest else None)


def _message(id_: bytes, raw: bytes) -> Message | None:
    """As a worker writes it; None once the secret key that veiled its phone is out of service."""
    at, end, mark, seed = _HEAD.unpack_from(raw)
    text = _decoder.decode(raw[_HEAD.size :])
    phone = codes.unveil(text.phone, id_)
    if phone is None:
        return None
    draft = Draft(UUID(bytes=id_), phone, text.purpose, text.withheld)
    times = int.from_bytes(at, "big"), int.from_bytes(end, "big")
    message = draft.message(*times, (mark + seed).hex())
    message.request_id = text.request_id
    return message
