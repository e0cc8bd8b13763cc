"""What the database keeps: whose a phone is, what became of every text, and what operators set."""

from .messages import DeliveryAttempt, EarlyReceipt, IdempotencyKey, Message
from .phones import PickupCode, VerifiedPhone
from .rollups import Hour, HourlyAttempts, HourlyCount
from .rules import Budget, ListEntry, Rule

__all__ = [
    "Budget",
    "DeliveryAttempt",
    "EarlyReceipt",
    "Hour",
    "HourlyAttempts",
    "HourlyCount",
    "IdempotencyKey",
    "ListEntry",
    "Message",
    "PickupCode",
    "Rule",
    "VerifiedPhone",
]
