"""SMS platforms, one file each. docs/providers.md says how to add one."""

from functools import lru_cache

from django.utils.module_loading import import_string

from verifications import conf

from .base import (
    Accepted,
    BadPush,
    Check,
    Declined,
    Duplicate,
    OverBudget,
    Provider,
    Push,
    Receipt,
    Rejected,
    SendError,
    Text,
    Throttled,
    Unavailable,
    Uncertain,
    Unreachable,
)

__all__ = [
    "Accepted",
    "BadPush",
    "Check",
    "Declined",
    "Duplicate",
    "OverBudget",
    "Provider",
    "Push",
    "Receipt",
    "Rejected",
    "SendError",
    "Text",
    "Throttled",
    "Unavailable",
    "Uncertain",
    "Unreachable",
    "build",
]


@lru_cache(maxsize=8)
def _build(entry: conf.Provider) -> Provider:
    provider: Provider = import_string(entry.backend)(**entry.options)
    return provider


def build(name: str) -> Provider | None:
    """The platform of that name, one a process; None for one that the settings do not have."""
    entry = conf.get().providers.get(name)
    return _build(entry) if entry else None
