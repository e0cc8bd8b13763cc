"""Texts of the past, as the database keeps them: what became of each is drawn by chance."""

import random
from datetime import datetime, timedelta
from typing import Any

from verifications.models import DeliveryAttempt, Message

PLATFORMS = ("cloopen", "aliyun")
# One beginning of each carrier, and a number of another country.
BEGINNINGS = ("+861380", "+861860", "+861890", "+861920", "+861700", "+852512")


def write(start: datetime, count: int, seed: int = 1) -> None:
    """So many texts in the hour from `start`, with their attempts."""
    chance = random.Random(seed)
    messages = [_message(chance, start) for _ in range(count)]
    Message.objects.bulk_create(messages)
    tries = [one for message in messages for one in _tries(chance, message)]
    DeliveryAttempt.objects.bulk_create(tries)


def _message(chance: random.Random, start: datetime) -> Message:
    kind, template = chance.choice(
        [("code", "login"), ("code", "register"), ("pickup", "pickup_code"), ("notice", "shipped")]
    )
    at = start + timedelta(seconds=chance.uniform(0, 3599))
    return Message(
        phone=f"{chance.choice(BEGINNINGS)}{chance.randrange(10_000_000):07}",
        kind=kind,
        template=template,
        status=chance.choice(Message.Status.values),
        withheld="blocked" if chance.random() < 0.1 else "",
        created_at=at,
        updated_at=at,
        due_at=at,
        expires_at=at + timedelta(hours=1),
    )


def _tries(chance: random.Random, message: Message) -> list[DeliveryAttempt]:
    return [
        attempt(message, **_fate(chance, message.created_at), provider=provider)
        for provider in chance.sample(PLATFORMS, chance.choice([0, 1, 1, 1, 2]))
    ]


def _fate(chance: random.Random, started_at: datetime) -> dict[str, Any]:
    outcome = chance.choice(DeliveryAttempt.Outcome.values)
    fate: dict[str, Any] = {"outcome": outcome, "started_at": started_at}
    if outcome != "open" and chance.random() < 0.95:
        fate["latency_ms"] = round(10 ** chance.uniform(0.5, 4.3))
    if outcome not in ("open", "sent"):
        fate["code"] = chance.choice(["160042", "172001", "HTTP 500"])
    if outcome in ("sent", "uncertain") and chance.random() < 0.8:
        fate["arrival"] = chance.choice(["delivered", "delivered", "undelivered"])
        fate["arrival_code"] = {"delivered": "DELIVRD"}.get(fate["arrival"], "MK:0012")
        fate["arrived_at"] = started_at + timedelta(seconds=10 ** chance.uniform(-1, 4.6))
    return fate


def attempt(message: Message, **fields: Any) -> DeliveryAttempt:
    given = {"provider": "cloopen", "request_id": "r", "started_at": message.created_at}
    return DeliveryAttempt(message=message, **{**given, **fields})
